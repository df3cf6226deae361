import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import { builderExitCodes } from "../errors.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHost, slotOfNumber } from "../options.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { isFinal, type ReportedStatus, reportStatus } from "../state/status.ts";
import { print } from "../terminal.ts";

interface StatusOptions extends HostOptions {
  json?: boolean;
  wait?: boolean;
}

/** A slot of several, with its status. */
interface SlotReport {
  slot: number;
  state_directory: string;
  status: ReportedStatus;
}

const POLL_MS = 200;

/** `status`: the truth about the last task. */
export function status(setExitCode: (code: number) => void): Command {
  return addSlotOption(addHostOptions(new Command("status")))
    .summary("tell what the builder does, or how its last task ended")
    .option("--json", "print the whole status as JSON")
    .option("--wait", "wait for the task to end; the exit status is then that of the task")
    .addHelpText("after", "\nExample:\n  copr-builder status --wait --json")
    .action(async (options: StatusOptions) => {
      const { json, wait = false, slot } = options;
      const host = await readHost(options, { isReader: true });
      const chosen = slot === undefined ? host.slots : [slotOfNumber(host, slot)];
      const reports = await Promise.all(chosen.map((directory) => reportOn(directory, wait)));
      const [only, ...others] = reports as [SlotReport, ...SlotReport[]];
      if (others.length === 0) print(json ? toJson(only.status) : `${describe(only.status)}\n`);
      else if (json) print(toJson({ schema_version: 1, slots: reports }));
      else for (const one of reports) print(`slot ${one.slot}: ${describe(one.status)}\n`);
      setExitCode(Math.max(...reports.map((one) => exitCodeFor(one.status, wait))));
    });
}

async function reportOn(directory: StateDirectory, isWaiting: boolean): Promise<SlotReport> {
  let status = await reportStatus(directory);
  while (isWaiting && !hasEnded(status)) {
    await sleep(POLL_MS);
    status = await reportStatus(directory);
  }
  return { slot: directory.slot, state_directory: directory.path, status };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function hasEnded({ state }: ReportedStatus): boolean {
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
