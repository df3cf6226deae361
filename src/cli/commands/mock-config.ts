import { Command } from "commander";
import { getProjectChrootBuildConfig } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** A mock configuration for a project's chroot. */
export interface MockConfig {
  ownername: string;
  projectname: string;
  chroot: string;
  /** Text of the file. */
  config: string;
}

const shape: Shape<MockConfig> = {
  fields: { ownername: "known", projectname: "known", chroot: "known", config: "shown" },
  text: ({ config }) => config,
};
const printed = printing(shape, { formats: formatsOfActs });

/** `mock-config`: a mock profile to try a build with at home. */
export function mockConfig(context: Context): Command {
  const command = new Command("mock-config")
    .helpGroup("Chroots:")
    .summary("print a mock configuration for a project's chroot")
    .addArgument(projectArgument())
    .argument("<chroot>", "chroot of the project");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nExample:\n  copr-cli mock-config @copr/copr-dev fedora-rawhide-x86_64 > copr-dev.cfg\n  mock -r copr-dev.cfg hello-1.0-1.src.rpm",
    )
    .action(async (name: string, chrootname: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const project = await context.project(name);
      const config = await getProjectChrootBuildConfig(await context.transport(), { ...project, chrootname });
      const { projectMockProfile } = await import("../../core/mock/developer-profile.ts");
      const profile = `${projectMockProfile(config, { ...project, chroot: chrootname })}\n`;
      await output.record({ ...project, chroot: chrootname, config: profile });
    });
}
