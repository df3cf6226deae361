import { Command, Option } from "commander";
import { deleteProject, getProject, type Project, type ProjectRef } from "../../core/api/index.ts";
import type { Transport } from "../../core/http/transport.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { added } from "../arguments.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type Output, type OutputOptions, printing } from "../output/output.ts";
import { projectShape } from "../output/shapes/project.ts";

const printed = printing(projectShape, { formats: formatsOfActs });

interface DeleteOptions extends OutputOptions {
  cancelBuilds?: boolean;
  dryRun?: boolean;
}

/** `delete`: a project with all its builds; asks nothing. */
export function deleteCommand(context: Context): Command {
  const command = new Command("delete")
    .helpGroup("Projects:")
    .summary("delete a project with all its builds")
    .addArgument(projectArgument())
    .addOption(added(new Option("--cancel-builds", "cancel builds that are not finished: the frontend deletes no project that has any")))
    .addOption(added(new Option("--dry-run", "only say what would be canceled and deleted")));
  return printed
    .addOptions(command)
    .addHelpText("after", "\nDoes not ask.\n\nExamples:\n  copr-cli delete hello\n  copr-cli delete hello --cancel-builds")
    .action(async (text: string, options: DeleteOptions) => {
      const output = printed.open(context.terminal, options);
      if (options.dryRun) return sayWhatWouldBeDeleted(context, output, text, options.cancelBuilds ?? false);
      const transport = await context.authenticated();
      const target = await context.project(text);
      const project = await (options.cancelBuilds
        ? deleteWithBuilds(context, output, transport, target)
        : deleteProject(transport, target));
      await output.record(project, cleanText(`Project ${project.name} has been deleted.\n`));
    });
}

/** Cancels what is not finished, in all directories, and deletes the project as soon as nothing is left. */
async function deleteWithBuilds(context: Context, output: Output<Project>, transport: Transport, target: ProjectRef): Promise<Project> {
  const { deleteProjectWithBuilds } = await import("../../core/builds/delete-with-builds.ts");
  return deleteProjectWithBuilds(transport, target, {
    signal: context.interrupted,
    onCanceled: ({ id, state }) => output.note(cleanText(`Build ${id}: ${state}\n`)),
  });
}

async function sayWhatWouldBeDeleted(context: Context, output: Output<Project>, text: string, cancelsBuilds: boolean): Promise<void> {
  const transport = await context.transport();
  const target = await context.project(text);
  const project = await getProject(transport, target);
  const { listUnfinishedBuilds } = await import("../../core/builds/unfinished-builds.ts");
  const builds = await listUnfinishedBuilds(transport, target);
  const act = cancelsBuilds ? "would be canceled" : "is not finished, so that nothing would be deleted without --cancel-builds";
  for (const { id, state } of builds) output.note(cleanText(`Build ${id}, ${state}, ${act}.\n`));
  if (cancelsBuilds || builds.length === 0) await output.record(project, cleanText(`Project ${project.name} would be deleted.\n`));
}
