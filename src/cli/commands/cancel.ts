import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { cancelBuild } from "../../core/api/index.ts";
import { unfinishedStates } from "../../core/builds/unfinished-states.ts";
import { UsageError } from "../../core/errors.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { added } from "../arguments.ts";
import type { Context } from "../context.ts";
import type { CancelCommandOptions } from "../many/cancel-many.ts";
import { type CanceledBuild, canceledBuildShape } from "../many/canceled-build.ts";
import type { ItemResult } from "../many/item-result.ts";
import { addManyOptions } from "../many/options.ts";
import { collect } from "../options/values.ts";
import { type Output, printing } from "../output/output.ts";

const printed = printing<CanceledBuild & ItemResult>(canceledBuildShape, { formats: formatsOfActs });

/** `cancel`: stops builds; the state it prints of one may still be the old one. */
export function cancel(context: Context): Command {
  const state = new Option("--state <state>", "with --project, only builds in this state; may be repeated");
  const command = new Command("cancel")
    .helpGroup("Builds:")
    .summary("cancel builds")
    .addArgument(new Argument("[build_id...]", "numbers of the builds"))
    .addOption(added(new Option("--project <project>", "all unfinished builds of this project, or of OWNER/NAME:DIRECTORY")))
    .addOption(added(state.choices(unfinishedStates).argParser(chooseStates)));
  return printed
    .addOptions(addManyOptions(command))
    .addHelpText(
      "after",
      "\nExamples:\n  copr-cli cancel 1234567\n  copr-cli cancel 1234567 1234568 --yes\n" +
        "  copr-cli cancel --project @copr/copr-dev --state pending --dry-run",
    )
    .action(async (ids: string[], options: CancelCommandOptions) => {
      if (ids.length === 0 && options.project === undefined) command.error("error: missing required argument 'build_id'");
      checkWords(ids, options);
      const [id] = ids;
      const output = printed.open(context.terminal, options);
      if (id !== undefined && ids.length === 1 && !options.dryRun) return cancelOne(context, output, id);
      const { cancelMany } = await import("../many/cancel-many.ts");
      await cancelMany(context, output, [...new Set(ids.map(buildNumber))], options);
    });
}

/** As upstream does. */
async function cancelOne(context: Context, output: Output<CanceledBuild & ItemResult>, id: string): Promise<void> {
  const build = await cancelBuild(await context.authenticated(), id);
  await output.record({ ...build, result: "done", error: null }, cleanText(`${build.state}\n`));
}

/** Throws UsageError for words that do not go together. */
function checkWords(ids: readonly string[], { project, state }: CancelCommandOptions): void {
  if (project !== undefined && ids.length > 0) throw new UsageError("Name builds, or a project by --project: not both.");
  if (project === undefined && state !== undefined) throw new UsageError("--state is about a project: name it by --project.");
}

function chooseStates(value: string, previous: string[] | undefined): string[] {
  if ((unfinishedStates as readonly string[]).includes(value)) return collect(value, previous);
  throw new InvalidArgumentError(`Allowed choices are ${unfinishedStates.join(", ")}.`);
}

function buildNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`'${text}' is not the number of a build`);
}
