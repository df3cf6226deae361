import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { CoprError } from "../../core/errors.ts";
import { sendSignal } from "../../core/process.ts";
import { endTaskProcesses } from "../leftovers.ts";
import { addHostOptions, type HostOptions, readHostOptions } from "../options.ts";
import { isBuilderRunning, readStatus, type TaskStatus } from "../status.ts";
import { print } from "../terminal.ts";

/** The task's own row of INT, TERM and KILL takes 20 s; after this it is ended from outside. */
const PATIENCE_MS = 40_000;
const POLL_MS = 50;

/** `cancel`: ends the running task; nothing to do is no failure. */
export function cancel(): Command {
  return addHostOptions(new Command("cancel"))
    .summary("end the running task")
    .addHelpText("after", "\nExample:\n  copr-builder cancel")
    .action(async (options: HostOptions) => {
      const { directory } = await readHostOptions(options);
      const status = await readStatus(directory);
      if (!status || status.ended_on !== null || !isBuilderRunning(status)) {
        print("No task is running\n");
        return;
      }
      await end(status);
      print(`Task ${status.task_id ?? ""} was canceled\n`.replace("  ", " "));
    });
}

/** Signals only the very process that wrote the status, never one that got its number. */
async function end(status: TaskStatus): Promise<void> {
  const builder = { pid: status.pid, startTime: status.pid_start_time };
  if (!sendSignal(builder, "SIGTERM") && isBuilderRunning(status)) {
    throw new CoprError(`The builder process ${status.pid} can't be signalled`, { hint: "It may belong to another user." });
  }
  const patienceEnds = Date.now() + PATIENCE_MS;
  while (isBuilderRunning(status)) {
    if (Date.now() > patienceEnds) {
      sendSignal(builder, "SIGKILL");
      await endTaskProcesses(status);
      return;
    }
    await sleep(POLL_MS);
  }
}
