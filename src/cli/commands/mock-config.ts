import { Command } from "commander";
import { getProjectChrootBuildConfig } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";

/** `mock-config`: a mock profile to try a build with at home. */
export function mockConfig(context: Context): Command {
  return new Command("mock-config")
    .helpGroup("Chroots:")
    .summary("print a mock configuration for a project's chroot")
    .addArgument(projectArgument())
    .argument("<chroot>", "chroot of the project")
    .addHelpText(
      "after",
      "\nExample:\n  copr-cli mock-config @copr/copr-dev fedora-rawhide-x86_64 > copr-dev.cfg\n  mock -r copr-dev.cfg hello-1.0-1.src.rpm",
    )
    .action(async (name: string, chrootname: string) => {
      const project = await context.project(name);
      const config = await getProjectChrootBuildConfig(await context.transport(), { ...project, chrootname });
      const { projectMockProfile } = await import("../../core/mock/developer-profile.ts");
      context.terminal.out(`${projectMockProfile(config, { ...project, chroot: chrootname })}\n`);
    });
}
