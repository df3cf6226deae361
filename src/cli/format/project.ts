import type { Project } from "../../core/api/index.ts";
import { pythonText } from "./python-text.ts";

/** A project as `get` and `list` print it, with the empty line after it. */
export function formatProject({ name, description, chroot_repos, additional_repos }: Project): string {
  const lines = [`Name: ${pythonText(name)}`, `  Description: ${pythonText(description)}`];
  const repositories = Object.entries(chroot_repos ?? {});
  if (repositories.length > 0) lines.push("  Repo(s):", ...repositories.map(([chroot, url]) => `    ${chroot}: ${pythonText(url)}`));
  if ((additional_repos ?? []).length > 0) lines.push(`  Additional repo: ${additional_repos.join(" ")}`);
  return `${lines.join("\n")}\n\n`;
}
