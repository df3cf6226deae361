import { Command } from "commander";
import { type Build, listBuilds as walkBuilds } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { type OutputFormat, printRecords, type ShownFields } from "../format/records.ts";
import { outputFormatOption } from "../options/output-format.ts";
import { projectArgument } from "../options/targets.ts";
import type { Terminal } from "../terminal.ts";

/** `list-builds`: all builds of a project, newest first. */
export function listBuilds(context: Context): Command {
  return new Command("list-builds")
    .helpGroup("Builds:")
    .summary("list the builds of a project")
    .addArgument(projectArgument())
    .addOption(outputFormatOption())
    .addHelpText(
      "after",
      "\nPrints text-row when no format is given: id, package, state, separated by tabs.\n\nExample:\n  copr-cli list-builds @copr/copr-dev --output-format json",
    )
    .action(async (name: string, { outputFormat }: { outputFormat?: OutputFormat }) => {
      const project = await context.project(name);
      const builds = walkBuilds(await context.transport(), project);
      await printRecords(context.terminal, shown(builds, outputFormat ? undefined : context.terminal), outputFormat ?? "text-row");
    });
}

/** Once the project is known to be there, `noticeTo` is told that the format was not chosen. */
async function* shown(builds: AsyncIterable<Build>, noticeTo: Terminal | undefined): AsyncIterable<ShownFields> {
  let isNoticeOpen = true;
  const notice = (): void => {
    if (isNoticeOpen) noticeTo?.error("The default setting will be changed from text-row to json in the following releases\n");
    isNoticeOpen = false;
  };
  for await (const { id, source_package, state } of builds) {
    notice();
    yield { id, name: source_package?.name, state };
  }
  notice();
}
