import { Command } from "commander";
import { patient } from "../../core/http/patient.ts";
import { type Change, obstacleOf, runStep, type Step } from "../../core/project-file/change.ts";
import type { ProjectPlan } from "../../core/project-file/plan-project.ts";
import type { Context } from "../context.ts";
import { actOnMany, type Item } from "../many/act-on-many.ts";
import { addManyOptions, type ManyOptions } from "../many/options.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { appliedShape } from "../project-file/change-record.ts";
import { addFileOption, type FileOptions, nameOf, readNamedFile } from "../project-file/named-file.ts";

const printed = printing(appliedShape);

interface ApplyOptions extends OutputOptions, FileOptions, ManyOptions {
  prune?: boolean;
}

/** `apply`: makes a project what its file says. */
export function apply(context: Context): Command {
  const command = new Command("apply").helpGroup("Projects:").summary("make a project what its file says");
  addManyOptions(addFileOption(command)).option("--prune", "delete the packages, chroots and permissions that the file does not name");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nDoes what 'copr-cli plan' shows, after asking. What the file does not name stays; --prune deletes it, with its builds, in\n" +
        "the sections that the file has. A failure does not stop the rest and ends with 1. To apply a file again is safe.\n\n" +
        "Examples:\n  copr-cli apply\n  copr-cli apply -f tools.yaml --yes\n  copr-cli apply --prune --dry-run",
    )
    .action(async (options: ApplyOptions) => {
      const output = printed.open(context.terminal, options);
      const { file, directory } = await readNamedFile(context, options);
      const transport = patient(await context.authenticated());
      const { planProject } = await import("../../core/project-file/plan-project.ts");
      const plan = await planProject(transport, file, { directory, prune: options.prune ?? false, isToApply: true });
      if (context.terminal.isInteractive && !options.yes && !options.dryRun && plan.changes.length > 0) {
        const { planText } = await import("../project-file/plan-text.ts");
        output.note(planText(plan, nameOf(options.file), context.terminal.hasColor));
      }
      await actOnMany(context, output, options, {
        items: plan.steps.flatMap(itemsOf),
        question: questionOf(plan),
        nothing: `Nothing differs in ${plan.project}.`,
        isAlwaysAsked: true,
      });
    });
}

/** The changes of a step are made by the same requests: the first that is asked for makes them all. */
function itemsOf(step: Step): Item<Change>[] {
  let made: ReturnType<typeof runStep> | undefined;
  return step.changes.map((record) => ({
    record,
    obstacle: obstacleOf(record),
    async act() {
      const error = (await (made ??= runStep(step))).get(record);
      if (error !== undefined) throw error;
      return record;
    },
  }));
}

function questionOf({ project, changes }: ProjectPlan): string {
  const possible = changes.filter(({ obstacle }) => obstacle === null);
  const gone = possible.filter(({ action }) => action === "delete").map(({ path }) => path);
  const others = possible.length - gone.length;
  const made = `make ${others} ${others === 1 ? "change" : "changes"} in ${project}`;
  const parts = [
    ...(others === 0 ? [] : [made]),
    ...(gone.length === 0 ? [] : [`delete ${gone.join(", ")}${others === 0 ? ` of ${project}` : ""}`]),
  ];
  const question = parts.join(" and ");
  return question.charAt(0).toUpperCase() + question.slice(1);
}
