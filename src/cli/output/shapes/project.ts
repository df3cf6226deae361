import type { Project } from "../../../core/api/index.ts";
import { cleanText } from "../../../core/text/clean-text.ts";
import { pythonText } from "../../../core/records/python-text.ts";
import type { Shape } from "../../../core/records/shape.ts";

/** A project, as every command about projects has it. */
export const projectShape: Shape<Project> = {
  fields: {
    full_name: "shown",
    description: "shown",
    id: "known",
    name: "known",
    ownername: "known",
    instructions: "known",
    homepage: "known",
    contact: "known",
    chroot_repos: "known",
    additional_repos: "known",
    packit_forge_projects_allowed: "known",
    persistent: "known",
    auto_prune: "known",
    devel_mode: "known",
    unlisted_on_hp: "known",
    enable_net: "known",
    appstream: "known",
    module_hotfixes: "known",
    follow_fedora_branching: "known",
    bootstrap: "known",
    isolation: "known",
    repo_priority: "known",
    storage: "known",
  },
  needs: ["name"],
  text: formatProject,
};

/** With the empty line after it, as upstream has it. */
function formatProject({ name, description, chroot_repos, additional_repos }: Project): string {
  const lines = [`Name: ${pythonText(name)}`, `  Description: ${pythonText(description)}`];
  const repositories = Object.entries(chroot_repos ?? {});
  if (repositories.length > 0) lines.push("  Repo(s):", ...repositories.map(([chroot, url]) => `    ${chroot}: ${pythonText(url)}`));
  if ((additional_repos ?? []).length > 0) lines.push(`  Additional repo: ${additional_repos.join(" ")}`);
  return cleanText(`${lines.join("\n")}\n\n`);
}
