import type { Repository } from "../api/types.ts";
import { CoprError } from "../errors.ts";
import { pythonBlock } from "./python-literal.ts";
import { refuseTemplates } from "./settings.ts";

/** Appends repositories to mock's configuration of dnf; nothing for none. Throws CoprError for one that would be more than that. */
export function repositoryLines(
  repositories: readonly Repository[],
  section: (repository: Repository) => string,
  quote: "'" | '"',
): string[] {
  if (repositories.length === 0) return [];
  const sections = repositories.map((repository) => `\n\n${section(repository)}`).join("");
  return ["", repositoryBlock(`${sections}\n`, quote)];
}

/** Order and values of upstream's `mock-config`. */
export function developerSection(repository: Repository): string {
  return section(repository, [
    `name="${repository.name}"`,
    `baseurl=${repository.baseurl}`,
    ...(repository.priority ? [`priority=${repository.priority}`] : []),
    ...(repository.module_hotfixes ? ["module_hotfixes=True"] : []),
    "gpgcheck=0",
    ...gpgLine(repository),
    "enabled=1",
    "skip_if_unavailable=1",
    "metadata_expire=0",
    "cost=1",
    "best=1",
  ]);
}

/** Order and values of upstream's builder. A repository that is down fails a build instead of changing its result. */
export function builderSection(repository: Repository): string {
  const { priority, module_hotfixes: hotfixes } = repository;
  return section(repository, [
    `name='${repository.name}'`,
    `baseurl=${repository.baseurl}`,
    "gpgcheck=0",
    ...gpgLine(repository),
    "enabled=1",
    "skip_if_unavailable=0",
    "metadata_expire=0",
    "cost=1",
    "best=1",
    ...(priority === null || priority === undefined ? [] : [`priority=${priority}`]),
    ...(hotfixes === null || hotfixes === undefined ? [] : [`module_hotfixes=${hotfixes ? "True" : "False"}`]),
  ]);
}

/** The text for dnf is put together first and quoted as a whole, so that nothing in it can end the literal. */
function repositoryBlock(text: string, quote: string): string {
  refuseTemplates(text);
  return `config_opts[${quote}dnf.conf${quote}] += ${pythonBlock(text)}`;
}

function gpgLine({ repo_gpgcheck: check }: Repository): string[] {
  return check === null || check === undefined ? [] : [`repo_gpgcheck=${check ? 1 : 0}`];
}

function section({ id }: Repository, lines: readonly string[]): string {
  const all = [`[${id}]`, ...lines];
  // A line end in a value would begin a line, or a whole section, of its own (security: C5).
  // oxlint-disable-next-line no-control-regex
  const broken = all.find((line) => /[\u0000-\u001f\u007f]/.test(line));
  if (broken !== undefined) throw new CoprError(`Refusing the repository '${id.slice(0, 80)}': it holds control characters`);
  // [main] is no repository but dnf's own settings.
  if (!/^[^[\]]+$/.test(id) || id.trim() === "main") throw new CoprError(`Refusing the repository id '${id.slice(0, 80)}'`);
  return all.join("\n");
}
