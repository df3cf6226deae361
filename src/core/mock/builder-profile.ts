import type { Repository } from "../api/types.ts";
import { builderSection, repositoryLines } from "./repositories.ts";
import { bootstrapLines, includeOf, isolationLines, keptTmpfs, type Macro, macroLines, setting } from "./settings.ts";

/** What of a build task goes into the builder's mock configuration. */
export interface BuilderProfile {
  chroot: string;
  /** Where the host's chroots are configured. Default: /etc/mock. */
  configDirectory?: string;
  /** Text that administrators of the builder attached to the task's tags; trusted. */
  snippet?: string;
  buildrootPackages: readonly string[];
  hasNetwork: boolean;
  isolation: string | null;
  macros: readonly Macro[];
  bootstrap: string | undefined;
  bootstrapImage: string | undefined;
  /** Pairs such as `["enable", "nodejs:18"]`. */
  modules: readonly (readonly [action: string, module: string])[];
  repositories: readonly Repository[];
}

/** The mock configuration of an RPM build on a builder (`child.cfg`). The same profile gives the same text. */
export function builderMockProfile(profile: BuilderProfile): string {
  const lines = [
    includeOf(profile.chroot, profile.configDirectory),
    "",
    ...keptTmpfs,
    // Without a terminal mock keeps the build's output to itself; upstream fakes a terminal instead.
    setting("print_main_output", true),
  ];
  if (profile.snippet) lines.push("", "# Configuration of this builder for the task's tags", profile.snippet.trimEnd());
  lines.push("");
  if (profile.buildrootPackages.length > 0) lines.push(setting("chroot_additional_packages", profile.buildrootPackages.join(" ")));
  lines.push(setting("rpmbuild_networking", profile.hasNetwork), setting("use_host_resolv", profile.hasNetwork));
  lines.push(...isolationLines(profile.isolation));
  lines.push(...macroLines(profile.macros));
  lines.push(...bootstrapLines(profile.bootstrap, profile.bootstrapImage));
  if (profile.modules.length > 0) {
    lines.push(
      setting(
        "module_setup_commands",
        profile.modules.map((pair) => ({ tuple: [...pair] })),
      ),
    );
  }
  lines.push(...repositoryLines(profile.repositories, builderSection, '"'));
  return `${lines.join("\n")}\n`;
}
