import { Command } from "commander";
import { listPackages } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { readWithBuilds } from "../options/package-view.ts";
import { projectArgument } from "../options/targets.ts";

/** `list-package-names`: one name a line. */
export function listPackageNames(context: Context): Command {
  return new Command("list-package-names")
    .helpGroup("Packages:")
    .summary("list the names of a project's packages")
    .addArgument(projectArgument())
    .addHelpText("after", "\nExample:\n  copr-cli list-package-names @copr/copr-dev")
    .action(async (text: string) => {
      const project = await context.project(text);
      for await (const { name } of listPackages(await context.transport(), project, readWithBuilds({}))) {
        context.terminal.out(cleanText(`${name}\n`));
      }
    });
}
