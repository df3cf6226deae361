import { setTimeout as sleep } from "node:timers/promises";
import { removeTree } from "../../core/files/remove-tree.ts";
import { sendSignal } from "../../core/process/signals.ts";
import { isRunning, isStopped, type ProcessInfo } from "../../core/process/table.ts";
import { closeLogOf, killedReason } from "../log/closing-line.ts";
import { endTaskProcesses, traceOfDead } from "./leftovers.ts";
import { unmarkSuccess } from "../results/results.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { finishStatus, isBuilderRunning, readStatus, type TaskStatus } from "../state/status.ts";
import { isOwnPath } from "../state/own-path.ts";
import { ownersOnly } from "../state/task-owner.ts";
import { type EndedTask, endUpstreamTask } from "./upstream-task.ts";

/** The task's own row of INT, TERM and KILL takes 20 s; after this it is ended from outside. */
const PATIENCE_MS = 40_000;
/** A killed process takes a moment to go, longer on a machine with much to do. */
const KILL_MS = 5000;
/** One that waits for a disk can't be stopped. */
const STOP_MS = 1000;
const POLL_MS = 50;

/**
 * Ends the task of a slot, also one that upstream's copr-rpmbuild runs there; within 50 s. `warn` is told what a
 * person should know. Signals only the very processes of the task, never one that got a number later; and as root
 * only those of the state's owner, who wrote the numbers.
 */
export async function endRunningTask(directory: StateDirectory, warn: (text: string) => void): Promise<EndedTask> {
  // What a link in its place tells is nothing of ours.
  if (!(await isOwnPath(directory))) return { outcome: "nothing", pid: undefined, taskId: null };
  const status = await readStatus(directory).catch((error: unknown) => warn((error as Error).message));
  if (!status) return endUpstreamTask(directory, warn);
  const known = { pid: status.pid, taskId: status.task_id };
  const mayEnd = await ownersOnly(directory.status);
  if (status.ended_on !== null) {
    const upstream = await endUpstreamTask(directory, warn);
    return upstream.outcome === "nothing" ? { outcome: "nothing", ...known } : upstream;
  }
  if (!isBuilderRunning(status)) return endDeadTask(directory, status, mayEnd);
  const builder = { pid: status.pid, startTime: status.pid_start_time };
  if (!mayEnd(builder) || (!sendSignal(builder, "SIGTERM") && isBuilderRunning(status))) {
    warn(`The builder process ${status.pid} can't be signalled: it may belong to another user`);
    return { outcome: "stuck", ...known };
  }
  if (await hasEnded(status, PATIENCE_MS)) return { outcome: "ended", ...known };
  warn(`The builder process ${status.pid} does not end, so it is killed`);
  try {
    await tellCanceled(directory, status, builder);
  } finally {
    sendSignal(builder, "SIGKILL");
  }
  const remaining = await endTaskProcesses(status, { mayEnd });
  if (remaining.length > 0) warn(`These processes would not end: ${remaining.map(({ pid }) => pid).join(", ")}`);
  if (!(await hasEnded(status, KILL_MS))) return { outcome: "stuck", ...known };
  // The next task may have begun meanwhile; its files are not ours.
  const isLast = (await readStatus(directory).catch(() => undefined))?.mark === status.mark;
  if (isLast) for (const path of [directory.running, directory.pid, directory.loggerPid]) await removeTree(path);
  return { outcome: remaining.length > 0 ? "stuck" : "ended", ...known };
}

/** Waits for the builder process to go. */
async function hasEnded(status: TaskStatus, patienceMs: number): Promise<boolean> {
  const patienceEnds = Date.now() + patienceMs;
  while (isBuilderRunning(status)) {
    if (Date.now() >= patienceEnds) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** The builder was killed before; what it started may live on. */
async function endDeadTask(directory: StateDirectory, status: TaskStatus, mayEnd: (process: ProcessInfo) => boolean): Promise<EndedTask> {
  let hasFound = false;
  const remaining = await endTaskProcesses(traceOfDead(status, directory), {
    isGentle: true,
    mayEnd: (process) => {
      const isTheirs = mayEnd(process);
      hasFound ||= isTheirs;
      return isTheirs;
    },
  });
  for (const path of [directory.running, directory.pid, directory.loggerPid]) await removeTree(path);
  const outcome = remaining.length > 0 ? "stuck" : hasFound ? "ended" : "nothing";
  return { outcome, pid: status.pid, taskId: status.task_id };
}

/**
 * Tells in its place how the task of a builder ends that is about to be killed. Before its death: whoever saw that without
 * this, a reader of the log, a hook or a counter, would take it for another end. Stopped, the builder can tell nothing else.
 */
async function tellCanceled(
  directory: StateDirectory,
  { mark }: TaskStatus,
  builder: Pick<ProcessInfo, "pid" | "startTime">,
): Promise<void> {
  sendSignal(builder, "SIGSTOP");
  const patienceEnds = Date.now() + STOP_MS;
  while (isRunning(builder) && !isStopped(builder.pid) && Date.now() < patienceEnds) await sleep(1);
  const now = await readStatus(directory).catch(() => undefined);
  if (now?.mark !== mark || now.ended_on !== null) return;
  await closeLogOf(directory, now, killedReason);
  await unmarkSuccess(directory.results);
  await finishStatus(directory, now, "canceled", killedReason);
}
