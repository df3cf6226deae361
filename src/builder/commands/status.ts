import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { cleanText } from "../../core/clean-text.ts";
import { builderExitCodes } from "../errors.ts";
import { addHostOptions, type HostOptions, readHostOptions } from "../options.ts";
import { isFinal, type ReportedStatus, reportStatus } from "../status.ts";
import { print } from "../terminal.ts";

interface StatusOptions extends HostOptions {
  json?: boolean;
  wait?: boolean;
}

const POLL_MS = 200;

/** `status`: the truth about the last task. */
export function status(setExitCode: (code: number) => void): Command {
  return addHostOptions(new Command("status"))
    .summary("tell what the builder does, or how its last task ended")
    .option("--json", "print the whole status as JSON")
    .option("--wait", "wait for the task to end; the exit status is then that of the task")
    .addHelpText("after", "\nExample:\n  copr-builder status --wait --json")
    .action(async (options: StatusOptions) => {
      const { json, wait } = options;
      const { directory } = await readHostOptions(options);
      let report = await reportStatus(directory);
      while (wait && !hasEnded(report)) {
        await sleep(POLL_MS);
        report = await reportStatus(directory);
      }
      print(json ? `${JSON.stringify(report, null, 2)}\n` : `${describe(report)}\n`);
      setExitCode(exitCodeFor(report, wait ?? false));
    });
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
