import { Command } from "commander";
import { buildSource, type PackageSourceType } from "../../core/api/index.ts";
import type { SentSource } from "../../core/builds/sent-source.ts";
import type { Context } from "../context.ts";
import type { CommandMaker } from "./command-maker.ts";
import { addBuildOptions, type BuildCommandOptions, readBuildOptions } from "../options/build.ts";
import { type Source, type SourceCommandOptions, sources } from "../options/sources.ts";
import { buildTargetArgument } from "../options/targets.ts";
import { openSubmission } from "../waiting/submission.ts";

/** The commands that submit a build whose sources the frontend fetches itself, one for each kind of source. */
export const buildSourceCommands = {
  buildpypi: (context: Context) => buildCommand(context, "buildpypi", "pypi"),
  buildgem: (context: Context) => buildCommand(context, "buildgem", "rubygems"),
  buildcustom: (context: Context) => buildCommand(context, "buildcustom", "custom"),
  buildscm: (context: Context) => buildCommand(context, "buildscm", "scm"),
  "build-distgit": (context: Context) =>
    buildCommand(context, "build-distgit", "distgit", "--name hello ").requiredOption(
      "--name <name>",
      "name of the package in the DistGit",
    ),
} satisfies Record<string, CommandMaker>;

function buildCommand(context: Context, name: string, type: PackageSourceType, exampleStart = ""): Command {
  const source: Source = sources[type];
  const command = new Command(name)
    .helpGroup("Builds:")
    .summary(`build a package from ${source.origin}`)
    .addArgument(buildTargetArgument());
  return addBuildOptions(source.addOptions(command.optionsGroup("Source options:"), false))
    .addHelpText("after", `\nExample:\n  copr-cli ${name} hello ${exampleStart}${source.example}`)
    .action(async (text: string, options: SourceCommandOptions & BuildCommandOptions) => {
      const submission = await openSubmission(context, options);
      const transport = await context.authenticated();
      const target = { ...(await context.buildTarget(text)), ...readBuildOptions(options, context.terminal) };
      await submission.ready();
      const fields = source.buildFields(options);
      await submission.submit(target, { type, fields } as SentSource, () => buildSource(transport, type, fields, target));
      await submission.done();
    });
}
