import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { UsageError } from "../../core/errors.ts";
import type { Shape } from "../../core/records/shape.ts";
import { costTable } from "../cost/cost-table.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { builderExitCodes } from "../errors.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHost, slotOfNumber } from "../options.ts";
import { addOutputOptions, type Output, type OutputOptions, openOutput } from "../output.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { isFinal, type ReportedStatus, reportStatus, type TaskStatus } from "../state/status.ts";
import { TaskEvents } from "../state/task-events.ts";
import { print } from "../terminal.ts";

interface StatusOptions extends HostOptions, OutputOptions {
  wait?: boolean;
  follow?: boolean;
}

/** A slot of several, with its status. */
export interface SlotReport {
  slot: number;
  state_directory: string;
  status: ReportedStatus;
}

/** The slots of a builder that has several. */
export interface SlotsDocument {
  schema_version: 1;
  slots: SlotReport[];
}

/** A slot and its status, for who chooses fields. A builder that never had a task has but few of them. */
type FlatStatus = Omit<SlotReport, "status"> & Omit<TaskStatus, "state"> & { state: ReportedStatus["state"] };

const statusShape: Shape<FlatStatus> = {
  fields: {
    slot: "known",
    state_directory: "known",
    schema_version: "known",
    task_id: "shown",
    state: "shown",
    pid: "known",
    pid_start_time: "known",
    process_group: "known",
    started_on: "shown",
    updated_on: "known",
    ended_on: "shown",
    exit_code: "shown",
    reason: "shown",
    cause: "known",
    timings: "known",
    cost: "known",
    program: "known",
    chroot: "known",
    cgroup: "known",
    mark: "known",
  },
};

const POLL_MS = 200;

/** `status`: the truth about the last task. */
export function status(setExitCode: (code: number) => void): Command {
  const command = addSlotOption(addHostOptions(new Command("status")))
    .summary("tell what the builder does, or how its last task ended")
    .option("--wait", "wait for the task to end; the exit status is then that of the task")
    .option("--follow", "as --wait, and tell each change of the state and what each phase has cost")
    .addHelpText("after", "\nExamples:\n  copr-builder status --wait --json\n  copr-builder status --follow --output-format jsonl");
  return addOutputOptions(command, statusShape).action(async (options: StatusOptions) => {
    const { follow = false, slot } = options;
    const wait = follow || options.wait === true;
    const output = openOutput(options, statusShape);
    if (follow && (output.isChosen || (output.isData && !output.isLines))) {
      throw new UsageError("--follow tells events as they come, in text or with --output-format jsonl, and without --fields");
    }
    const host = await readHost(options, { isReader: true });
    const chosen = slot === undefined ? host.slots : [slotOfNumber(host, slot)];
    const reports = await Promise.all(
      chosen.map((directory) => reportOn(directory, wait, follow ? teller(output, directory, chosen) : undefined)),
    );
    if (!follow) tell(output, reports as [SlotReport, ...SlotReport[]], wait);
    setExitCode(Math.max(...reports.map((one) => exitCodeFor(one.status, wait))));
  });
}

/** Who waited gets the one line that scripts read; the cost is for who asks how it went. */
function tell(output: Output<FlatStatus>, reports: readonly [SlotReport, ...SlotReport[]], hasWaited: boolean): void {
  const [only, ...others] = reports;
  const isOne = others.length === 0;
  if (output.isChosen) {
    const records = reports.map(({ status, ...place }) => ({ ...place, ...status }) as FlatStatus);
    if (output.isData && !output.isLines && !isOne) return output.writer.document("slots", records, { schema_version: 1 });
    if (isOne) return void output.writer.single(records[0] as FlatStatus);
    const list = output.writer.begin();
    for (const record of records) list.add(record);
    return list.end();
  }
  if (!output.isData) {
    for (const { slot, status } of reports) {
      print(`${isOne ? "" : `slot ${slot}: `}${hasWaited ? describe(status) : describeWithCost(status)}\n`);
    }
  } else if (isOne) {
    output.data(only.status);
  } else if (output.isLines) {
    for (const report of reports) output.data(report);
  } else {
    output.data({ schema_version: 1, slots: [...reports] } satisfies SlotsDocument);
  }
}

/** Tells what happens in a slot, status by status. */
function teller(output: Output<FlatStatus>, { slot }: StateDirectory, { length }: readonly unknown[]): (status: ReportedStatus) => void {
  const events = new TaskEvents(slot);
  return (status) => {
    for (const event of events.since(status)) {
      if (output.isData) output.data(event);
      else if (event.event === "state") print(`${length === 1 ? "" : `slot ${slot}: `}${describeWithCost(status)}\n`);
    }
  };
}

async function reportOn(directory: StateDirectory, isWaiting: boolean, onStatus?: (status: ReportedStatus) => void): Promise<SlotReport> {
  let status = await reportStatus(directory);
  onStatus?.(status);
  while (isWaiting && !isOver(status)) {
    await sleep(POLL_MS);
    status = await reportStatus(directory);
    onStatus?.(status);
  }
  return { slot: directory.slot, state_directory: directory.path, status };
}

function isOver({ state }: ReportedStatus): boolean {
  return state === "idle" || state === "died" || isFinal(state);
}

function exitCodeFor(report: ReportedStatus, isWaiting: boolean): number {
  if (report.state === "died") return builderExitCodes.died;
  return isWaiting && report.state !== "idle" ? (report.exit_code ?? builderExitCodes.failed) : builderExitCodes.ok;
}

function describe(report: ReportedStatus): string {
  if (report.state === "idle") return "idle";
  const task = report.task_id === null ? "" : ` (task ${report.task_id})`;
  const reason = report.reason === null ? "" : `: ${report.reason}`;
  return cleanText(`${report.state}${task}${reason}`);
}

/** A task that died has told no more than the cost of some of its phases, and statuses of earlier versions tell none. */
function describeWithCost(report: ReportedStatus): string {
  if (!isFinal(report.state) || !("cost" in report) || !report.cost) return describe(report);
  return `${describe(report)}\n${cleanText(costTable(report.cost))}`;
}
