import { Command } from "commander";
import { regenerateRepos as requestRegeneration } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { projectShape } from "../output/shapes/project.ts";

const printed = printing(projectShape, { formats: formatsOfActs });

/** `regenerate-repos`: has the repositories' metadata made anew. */
export function regenerateRepos(context: Context): Command {
  const command = new Command("regenerate-repos")
    .helpGroup("Projects:")
    .summary("make the metadata of a project's repositories anew")
    .addArgument(projectArgument());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nNeeded after builds with --disable_createrepo.\n\nExample:\n  copr-cli regenerate-repos hello")
    .action(async (text: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const transport = await context.authenticated();
      const project = await requestRegeneration(transport, await context.project(text));
      await output.record(
        project,
        cleanText(`Submitted action to regenerate repository metadata for the '${project.full_name}' project.\n`),
      );
    });
}
