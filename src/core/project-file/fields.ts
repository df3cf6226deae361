import { posix } from "node:path";
import type { ProjectFileChroot, ProjectFilePackage, ProjectFileSettings, ProjectFileSource } from "./project-file.ts";

/** What is known of a field. */
export interface Field {
  /** What a new thing has. */
  readonly preset: unknown;
  /** The value as frontends keep it: what looks different in a file may be the same. */
  normal(value: unknown): unknown;
  /** The API does not tell it, so nobody knows what it is. */
  readonly isUntold?: boolean;
  /** Why the API can't turn what it is into what the file says; undefined where it can. */
  obstacle?(wanted: unknown): string | undefined;
}

const same = (value: unknown): unknown => value;
const trimmed = (value: unknown): unknown => (typeof value === "string" ? value.trim() : (value ?? ""));
const trimmedOrNull = (value: unknown): unknown => trimmed(value) || null;
const orPreset = (preset: unknown) => (value: unknown) => value ?? preset;

const text: Field = { preset: "", normal: (value) => value ?? "" };
const line: Field = { preset: "", normal: trimmed };
const list: Field = { preset: [], normal: (value) => value ?? [] };
const on: Field = { preset: true, normal: same };
const off: Field = { preset: false, normal: same };
const choice = (preset: string): Field => ({ preset, normal: orPreset(preset) });
const untold = (field: Field): Field => ({ ...field, isUntold: true });

/** The frontend takes an empty one for one that was not sent. */
const cannotBeEmptied = (wanted: unknown): string | undefined =>
  wanted === null || wanted === "" ? "the API can't empty it: use the settings page of the project" : undefined;
/** A list without anything is one that was not sent. */
const noneOfThem = (wanted: unknown): string | undefined =>
  (wanted as readonly string[]).length === 0 ? "the API can't take out the last one" : undefined;
const optionalLine: Field = { preset: null, normal: trimmedOrNull, obstacle: cannotBeEmptied };
const chosenOnce = (): string => "it can only be chosen when the project is made";

/** Settings of a project, in the order of the file. */
export const settingFields: Readonly<Record<keyof ProjectFileSettings, Field>> = {
  description: text,
  instructions: text,
  homepage: optionalLine,
  contact: optionalLine,
  additional_repos: list,
  unlisted_on_hp: off,
  enable_net: off,
  auto_prune: on,
  bootstrap: choice("default"),
  isolation: choice("default"),
  devel_mode: off,
  module_hotfixes: off,
  appstream: off,
  follow_fedora_branching: on,
  repo_priority: { preset: null, normal: (value) => value ?? null, obstacle: cannotBeEmptied },
  packit_forge_projects_allowed: { preset: [], normal: (value) => ((value ?? []) as string[]).map(withoutScheme) },
  runtime_dependencies: untold(list),
  multilib: untold(off),
  fedora_review: untold(off),
  delete_after_days: untold({ preset: -1, normal: same }),
  persistent: { ...off, obstacle: chosenOnce },
  storage: { preset: "backend", normal: same, obstacle: chosenOnce },
};

/** A forge project is kept as host and path. */
function withoutScheme(address: string): string {
  const [, rest = address] = /^[a-z][a-z\d+.-]*:\/\/(.*)$/i.exec(address) ?? [];
  return rest.replace(/[?#].*$/, "");
}

/** Settings of a chroot. */
export const chrootFields: Readonly<Record<keyof ProjectFileChroot, Field>> = {
  additional_repos: list,
  additional_packages: list,
  additional_modules: list,
  with_opts: list,
  without_opts: list,
  isolation: choice("unchanged"),
  bootstrap: untold(choice("unchanged")),
  bootstrap_image: untold({ preset: null, normal: trimmedOrNull }),
  // What is in it is not told, its name is: only a file with another name is known to be another.
  comps: { preset: null, normal: (value) => (typeof value === "string" ? posix.basename(value) : null) },
};

/** Settings of a package, beside its source. */
export const packageFields: Readonly<Record<Exclude<keyof ProjectFilePackage, "source">, Field>> = {
  webhook_rebuild: off,
  max_builds: untold({ preset: 0, normal: same }),
  timeout: untold({ preset: null, normal: same }),
  chroot_denylist: untold(list),
};

type SourceFields = {
  [Type in ProjectFileSource["type"]]: Record<Exclude<keyof Extract<ProjectFileSource, { type: Type }>, "type">, Field>;
};

/** What each type of source has. */
export const sourceFields: Readonly<SourceFields> = {
  scm: {
    clone_url: line,
    scm_type: choice("git"),
    committish: line,
    subdirectory: line,
    spec: line,
    source_build_method: choice("rpkg"),
  },
  distgit: {
    // None: the instance's first.
    distgit: line,
    namespace: { preset: "", normal: (value) => asPath(trimmed(value) as string) },
    committish: line,
  },
  pypi: {
    pypi_package_name: line,
    pypi_package_version: line,
    spec_generator: choice("pyp2spec"),
    spec_template: choice(""),
    python_versions: { preset: ["3"], normal: (value) => value ?? ["3"], obstacle: noneOfThem },
  },
  rubygems: { gem_name: line },
  custom: {
    script: { preset: "", normal: (value) => asScript((value ?? "") as string) },
    chroot: choice("fedora-latest-x86_64"),
    builddeps: line,
    resultdir: line,
    repos: list,
  },
  unset: {},
};

/** As Python normalises a path. */
function asPath(path: string): string {
  return path === "" ? "" : posix.normalize(path).replace(/(?<=.)\/$/, "");
}

/** Frontends mend the line ends of a script whose first line has a wrong one, and end the last. */
function asScript(script: string): string {
  const lines = script.split("\n", 1)[0]?.endsWith("\r") ? script.replaceAll("\r\n", "\n") : script;
  return lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
}

/** Whether two values of a field are the same to a frontend. */
export function isSame(field: Field, one: unknown, other: unknown): boolean {
  return JSON.stringify(field.normal(one)) === JSON.stringify(field.normal(other));
}

/** The fields of a table with their names, typed as texts. */
export function entriesOf(fields: Readonly<Record<string, Field>>): [name: string, field: Field][] {
  return Object.entries(fields);
}
