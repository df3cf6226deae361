import type { BuilderProfile } from "./builder-profile.ts";
import { builderSection, repositoryLines } from "./repositories.ts";
import { includeOf, keptTmpfs, macroLines, setting } from "./settings.ts";

/** What of a task goes into the mock configuration that its script runs in. */
export type ScriptProfile = Pick<BuilderProfile, "chroot" | "configDirectory" | "snippet" | "macros" | "repositories">;

/** The mock configuration for the script of a custom source (`mock-config.cfg`). */
export function customMockProfile({ chroot, configDirectory, snippet, macros, repositories }: ScriptProfile): string {
  const lines = [includeOf(chroot, configDirectory), setting("rpmbuild_networking", true), setting("use_host_resolv", true), ""];
  // No builddep is run, so the image needs none of its plugins. That of Fedora 40 needs to be told (upstream's issue 3140).
  if (!chroot.startsWith("fedora-40-")) lines.push(setting("bootstrap_image_ready", true));
  lines.push(
    "config_opts['root'] = 'copr-custom-' + config_opts['root']",
    // The script's chroot has to last for several calls of mock.
    ...keptTmpfs,
    setting("print_main_output", true),
  );
  if (snippet) lines.push("", "# Configuration of this builder for the task's tags", snippet.trimEnd());
  lines.push("", ...macroLines(macros));
  lines.push(...repositoryLines(repositories, builderSection, '"'));
  return `${lines.join("\n")}\n`;
}
