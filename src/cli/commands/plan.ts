import { Command } from "commander";
import { patient } from "../../core/http/patient.ts";
import { exitCodes } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { changeFields, type PlannedChange } from "../project-file/change-record.ts";
import { addFileOption, type FileOptions, nameOf, readNamedFile } from "../project-file/named-file.ts";
import { QuietEnd } from "../quiet-end.ts";

const printed = printing<PlannedChange>({ fields: changeFields });

interface PlanCommandOptions extends OutputOptions, FileOptions {
  exitCode?: boolean;
  prune?: boolean;
}

/** `plan`: what `apply` would change. */
export function plan(context: Context): Command {
  const command = new Command("plan").helpGroup("Projects:").summary("show what a file would change in its project");
  addFileOption(command)
    .option("--exit-code", `end with ${exitCodes.differs} if something would change`)
    .option("--prune", "show also what 'apply --prune' would delete");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nPrints old and new values as git diff does. A line with ? is a value that the API does not tell: it is sent at every\n" +
        "apply, and is no difference to --exit-code. What the file does not name stays.\n\n" +
        "Examples:\n  copr-cli plan\n  copr-cli plan -f tools.yaml --exit-code",
    )
    .action(async (options: PlanCommandOptions) => {
      const output = printed.open(context.terminal, options);
      const { file, directory } = await readNamedFile(context, options);
      const { planProject } = await import("../../core/project-file/plan-project.ts");
      const found = await planProject(patient(await context.transport()), file, { directory, prune: options.prune ?? false });
      if (output.format === "text" && !output.isChosen) {
        const { planText } = await import("../project-file/plan-text.ts");
        context.terminal.out(planText(found, nameOf(options.file), context.terminal.hasColor));
      } else await output.records(found.changes);
      if (options.exitCode && found.changes.some(({ action }) => action !== "set")) throw new QuietEnd(exitCodes.differs);
    });
}
