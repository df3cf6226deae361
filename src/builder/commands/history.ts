import { Command, InvalidArgumentError, Option } from "commander";
import type { Shape } from "../../core/records/shape.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { bytesText, secondsText } from "../cost/amounts.ts";
import { formatTime } from "../host/expiration.ts";
import type { HistoryFilter } from "../history/history-filter.ts";
import type { HistoryRecord } from "../history/history-record.ts";
import { addHostOptions, type HostOptions, pastTime, readHost } from "../options.ts";
import { addOutputOptions, type OutputOptions, openOutput } from "../output.ts";
import { withFormerSlots } from "../state/state-directory.ts";

interface HistoryOptions extends HostOptions, OutputOptions, HistoryFilter {
  limit: number;
}

const states = ["running", "succeeded", "failed", "canceled", "timed-out", "died"];

const historyShape: Shape<HistoryRecord> = {
  fields: {
    slot: "known",
    task_id: "shown",
    project: "shown",
    package: "shown",
    state: "shown",
    started_on: "shown",
    ended_on: "known",
    wall: "shown",
    exit_code: "known",
    reason: "shown",
    category: "known",
    timings: "known",
    peak_memory: "shown",
    root_cache: "known",
    mark: "known",
  },
  text: describe,
};

/** `history`: the last tasks of this host, newest first. */
export function history(): Command {
  const command = addHostOptions(new Command("history"))
    .summary("list the last tasks of this host, newest first")
    .option("--limit <number>", "no more than so many; 0 for all that are remembered", limit, 20)
    .addOption(new Option("--state <states>", `only tasks in these states, separated by commas: ${states.join(", ")}`).argParser(stateList))
    .option("--since <time>", "only what began since, e.g. 2d, 12h or 2026-11-28", pastTime)
    .option("--task <id>", "only this task, or with the number of a build all of that build")
    .option("--package <name>", "only tasks of this package, or of those matching a glob pattern")
    .addHelpText("after", "\nExamples:\n  copr-builder history\n  copr-builder history --state failed,died --since 2d --json");
  return addOutputOptions(command, historyShape).action(async (options: HistoryOptions) => {
    const output = openOutput(options, historyShape);
    const { slots } = await readHost(options, { isReader: true });
    const { readHistory } = await import("../history/host-history.ts");
    const { historyFilter } = await import("../history/history-filter.ts");
    const { records } = await readHistory(await withFormerSlots(slots));
    const chosen = records.filter(historyFilter(options));
    await output.writer.list(options.limit === 0 ? chosen : chosen.slice(0, options.limit));
  });
}

/** One line; what is not known is left out. */
function describe(record: HistoryRecord): string {
  const { state, started_on, wall, peak_memory: peak, task_id: task, project, package: packageName, reason } = record;
  const parts = [
    formatTime(Math.floor(started_on)),
    state.padEnd(10),
    (wall === null ? "" : secondsText(wall)).padStart(10),
    peak === null ? "" : bytesText(peak).padStart(9),
    [task ?? "(no definition)", project, packageName].filter(Boolean).join(" "),
  ];
  return cleanText(`${parts.filter((part) => part !== "").join("  ")}${reason === null ? "" : `: ${reason.replace(/\s+/g, " ")}`}\n`);
}

function stateList(text: string): string[] {
  const chosen = text.split(",").map((state) => state.trim());
  const unknown = chosen.find((state) => !states.includes(state));
  if (unknown !== undefined) throw new InvalidArgumentError(`'${unknown}' is no state: choose of ${states.join(", ")}.`);
  return chosen;
}

function limit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It is no number of tasks.");
  return Number(text);
}
