import { Command } from "commander";
import { regenerateRepos as requestRegeneration } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";

/** `regenerate-repos`: has the repositories' metadata made anew. */
export function regenerateRepos(context: Context): Command {
  return new Command("regenerate-repos")
    .helpGroup("Projects:")
    .summary("make the metadata of a project's repositories anew")
    .addArgument(projectArgument())
    .addHelpText("after", "\nNeeded after builds with --disable_createrepo.\n\nExample:\n  copr-cli regenerate-repos hello")
    .action(async (text: string) => {
      const transport = await context.authenticated();
      const { full_name: name } = await requestRegeneration(transport, await context.project(text));
      context.terminal.out(cleanText(`Submitted action to regenerate repository metadata for the '${name}' project.\n`));
    });
}
