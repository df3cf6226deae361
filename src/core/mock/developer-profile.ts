import type { ProjectChrootBuildConfig } from "../api/types.ts";
import { developerSection, repositoryLines } from "./repositories.ts";
import { bootstrapLines, includeOf, isolationLines, setting } from "./settings.ts";

/** A mock profile of a project's chroot to try builds with at home, as `copr-cli mock-config` prints it. */
export function projectMockProfile(
  config: ProjectChrootBuildConfig,
  { ownername, projectname, chroot }: { ownername: string; projectname: string; chroot: string },
): string {
  const owner = ownername.replaceAll("@", "group_");
  const packages = config.additional_packages ?? [];
  const lines = [
    "# This is development/testing only mock profile, not exactly the same as",
    "# is used on copr builders;  but it is basically similar.  If you need an",
    "# exact mock configuration (because you e.g. try to reproduce failed",
    "# build), such configuration is put alongside the built RPMs.",
    "",
    includeOf(chroot),
    "",
    setting("root", `${owner}-${projectname}_${chroot}`),
    ...isolationLines(config.isolation),
    ...bootstrapLines(config.bootstrap, config.bootstrap_image),
    ...(packages.length > 0 ? [setting("chroot_additional_packages", packages.join(" "))] : []),
  ];
  lines.push(...repositoryLines(config.repos ?? [], developerSection, "'"));
  return lines.join("\n");
}
