import { Command } from "commander";
import { forkProject, getProject, type ProjectRef } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { isNotFound } from "../../core/errors.ts";
import type { Transport } from "../../core/http/transport.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { projectShape } from "../output/shapes/project.ts";

const printed = printing(projectShape, { formats: formatsOfActs });

/** `fork`: copies packages and builds into another project. */
export function fork(context: Context): Command {
  const command = new Command("fork")
    .helpGroup("Projects:")
    .summary("copy a project into another one, a new or an existing one")
    .addArgument(projectArgument("source"))
    .addArgument(projectArgument("destination"))
    .option("--confirm", "the destination may exist; its packages are replaced");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli fork @copr/copr-dev my-copr-dev")
    .action(async (from: string, to: string, { confirm = false, ...options }: OutputOptions & { confirm?: boolean }) => {
      const output = printed.open(context.terminal, options);
      const transport = await context.authenticated();
      const source = await context.project(from);
      const { ownername, projectname } = await context.project(to);
      const isThere = await exists(transport, { ownername, projectname });
      const project = await forkProject(transport, source, { name: projectname, ownername, confirm });
      const name = project.full_name;
      const sourceName = `${source.ownername}/${source.projectname}`;
      const sentence = isThere ? `Updating packages in ${name} from ${sourceName}.` : `Forking project ${sourceName} for you into ${name}.`;
      await output.record(project, cleanText(`${sentence}\nPlease be aware that it may take a few minutes to duplicate backend data.\n`));
    });
}

async function exists(transport: Transport, project: ProjectRef): Promise<boolean> {
  try {
    await getProject(transport, project);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
