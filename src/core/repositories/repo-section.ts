import type { RpmRepoOptions } from "../api/types.ts";
import { ResponseError } from "../errors.ts";

/** A section of a `.repo` file. */
export interface RepoSection {
  id: string;
  name: string;
  baseurl: string;
  /** Address of the key; undefined for packages that are not signed by Copr. */
  gpgkey?: string | undefined;
  options?: RpmRepoOptions | undefined;
}

/** Options that say what dnf does anyway are left out, as dnf's plugin does. */
const DNFS_PRIORITY = 99;
const DNFS_COST = 1000;

/** The text of a section, in the order of dnf's plugin. Throws ResponseError for values that would say something else. */
export function sectionText({ id, name, baseurl, gpgkey, options = {} }: RepoSection): string {
  const cost = wholeNumber("cost", options.cost, DNFS_COST);
  const priority = wholeNumber("priority", options.priority, DNFS_PRIORITY);
  const lines = [
    `[${checkedId(id)}]`,
    `name=${oneLine(name)}`,
    `baseurl=${checkedAddress(baseurl)}`,
    "type=rpm-md",
    "skip_if_unavailable=True",
    `gpgcheck=${gpgkey === undefined ? 0 : 1}`,
    ...(gpgkey === undefined ? [] : [`gpgkey=${checkedAddress(gpgkey)}`]),
    "repo_gpgcheck=0",
    ...(cost === DNFS_COST ? [] : [`cost=${cost}`]),
    "enabled=1",
    "enabled_metadata=1",
    ...(priority === DNFS_PRIORITY ? [] : [`priority=${priority}`]),
    ...(isOn(options.module_hotfixes) ? ["module_hotfixes=1"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** The id of a Copr repository. The prefix keeps a stranger from naming one of the system's, which dnf would replace. */
export function checkedId(id: unknown): string {
  if (typeof id === "string" && /^copr(dep)?:[A-Za-z0-9_.:+~@-]{1,230}$/.test(id)) return id;
  throw new ResponseError(`The frontend names a repository that can't be written into a file: ${JSON.stringify(id)}`);
}

/** Commas and blanks would make it a list. Variables of dnf, `$basearch` and its like, are part of it. */
function checkedAddress(address: unknown): string {
  if (typeof address === "string" && /^https?:\/\/[!#-+\--;=?-_a-z{}~]+$/.test(address)) return address;
  throw new ResponseError(`The frontend gives an address that can't be written into a file: ${JSON.stringify(address)}`);
}

/** Whatever ends or begins a line, or moves a cursor, becomes a blank. */
function oneLine(text: unknown): string {
  return String(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}

function wholeNumber(name: string, value: number | string | null | undefined, preset: number): number {
  if (value === undefined || value === null) return preset;
  if (/^\d{1,9}$/.test(String(value))) return Number(value);
  throw new ResponseError(`The frontend gives a repository a ${name} that is no number: ${JSON.stringify(value)}`);
}

function isOn(value: unknown): boolean {
  return value === true || String(value) === "1";
}
