import { Command } from "commander";
import { buildPackage as requestBuild } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { addBuildOptions, type BuildCommandOptions, readBuildOptions } from "../options/build.ts";
import { packageNameOption } from "../options/package.ts";
import { buildTargetArgument } from "../options/targets.ts";
import { openSubmission } from "../waiting/submission.ts";

/** `build-package`: a build from the package's own source. */
export function buildPackage(context: Context): Command {
  const command = new Command("build-package")
    .helpGroup("Builds:")
    .summary("build a package of the project from its default source")
    .addArgument(buildTargetArgument())
    .addOption(packageNameOption());
  return addBuildOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli build-package my-project --name hello --nowait")
    .action(async (text: string, options: BuildCommandOptions & { name: string }) => {
      const submission = await openSubmission(context, options);
      const target = { ...(await context.buildTarget(text)), ...readBuildOptions(options, context.terminal) };
      await submission.ready();
      const transport = await context.transport();
      await submission.submit(target, { type: "package", name: options.name }, () => requestBuild(transport, options.name, target));
      await submission.done();
    });
}
