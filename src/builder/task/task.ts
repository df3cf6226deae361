import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { BuildTask } from "../../core/task/build-task.ts";
import type { CoprError } from "../../core/errors.ts";
import type { Lock } from "../../core/files/lock.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import { secretsOf } from "../../core/text/without-secrets.ts";
import { MissingProgramError } from "../../core/process/start.ts";
import { createTransport } from "../../core/http/transport.ts";
import { userAgent } from "../../core/version.ts";
import { scrubLeftChroot } from "../buildroot/chroot.ts";
import { buildroots } from "../buildroot/index.ts";
import { applyRules } from "./apply-rules.ts";
import { CostMeter } from "../cost/cost-meter.ts";
import { costTable } from "../cost/cost-table.ts";
import { makeTaskCgroup } from "../cost/cgroup.ts";
import { removeCgroup } from "../cost/remove-cgroup.ts";
import { Deadline } from "../../core/process/deadline.ts";
import { TaskAborted, TaskError } from "../errors.ts";
import { fetchTask } from "./fetch-task.ts";
import { describeOrigin } from "./origin.ts";
import { noteDefinition } from "../history/task-notes.ts";
import { type Keeper, startKeeper } from "./keeper-client.ts";
import { endTaskProcesses, traceOfDead } from "./leftovers.ts";
import { ensureSharedDirectory } from "../state/shared-directory.ts";
import { isOwnPath } from "../state/own-path.ts";
import { filledPlaces, requireFreeSpace } from "../state/free-space.ts";
import { lockForTask } from "../state/slot-lock.ts";
import { type LiveLog, openLiveLog } from "../log/live-log.ts";
import { makeContext } from "./ingredients.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { bringBackResults, emptyResults, markSuccess, sweepFailedResults, unmarkSuccess } from "../results/results.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { beginStatus, readStatus, type StatusWriter, type TaskCause, type TaskStatus } from "../state/status.ts";
import type { TaskContext } from "./task-context.ts";
import type { TaskOptions } from "./task-options.ts";
import { tellWhy } from "./tell-why.ts";
import { addressesOf, sayHeader, sayTask } from "./task-log.ts";
import { ownersOnly } from "../state/task-owner.ts";
import { removeWorkspace } from "../state/workspace.ts";
import { hooksOf, tellBegin, tellEnd, tellOfTaskBefore } from "./telling.ts";

/** Does one task from the lock to the final status; resolves to the status. Throws BusyError and start-up errors. */
export async function runTask(options: TaskOptions): Promise<Readonly<TaskStatus>> {
  const { directory } = options;
  const hooks = hooksOf(options);
  for (const one of [directory.path, ...filesOf(directory).map((file) => dirname(file))]) await ensureSharedDirectory(one);
  if (!(await isOwnPath(directory)))
    throw new TaskError(`The directory of slot ${directory.slot}, '${directory.path}', is a link: no task begins there`);
  const lock = await takeLock(options);
  try {
    await cleanUpAfterCrash(options);
    const mark = newMark();
    const { status, log } = await beginRecords(options, mark);
    let keeper: Keeper | undefined;
    let meter: CostMeter | undefined;
    let isStarted = false;
    const outcome = await attempt(options, log, status, mark, async () => {
      keeper = await startKeeper(directory, mark, hooks);
      meter = new CostMeter({ mark, state: status.current.state, places: filledPlaces(options), cgroup: makeTaskCgroup(mark) });
      status.measureBy(meter);
      await replaceFile(directory.pid, String(process.pid));
      await replaceFile(directory.loggerPid, `${process.pid}\n`);
      await replaceFile(directory.running, "");
      isStarted = true;
      options.onStarted?.(directory);
      return meter;
    });
    status.endMeasuring();
    await endTaskProcesses(status.current);
    await meter?.dispose();
    await conclude({ ...options, meter }, log, status, outcome);
    await tellEnd(options, status.current);
    keeper?.dismiss();
    if (!isStarted) throw new TaskError(outcome.reason ?? "The task could not be started");
    return status.current;
  } finally {
    await lock.release();
  }
}

/** A UUID of the kernel's: Node's `crypto` takes longer to load than it takes to read one. */
function newMark(): string {
  return readFileSync("/proc/sys/kernel/random/uuid", "latin1").trim();
}

/** The status and the log of a task. Where they can't be had, its results are emptied all the same: they would be taken for its own. */
async function beginRecords(options: TaskOptions, mark: string): Promise<{ status: StatusWriter; log: LiveLog }> {
  const { directory, keepsResults } = options;
  try {
    // Before the log: who sees this task's log must not take the status for that of the task before.
    const status = await beginStatus(directory, mark);
    await tellBegin(options, status.current);
    const log = await openLog(options, status);
    status.onEnter(log.begin);
    return { status, log };
  } catch (error) {
    await emptyResults(directory, keepsResults).catch(() => undefined);
    throw error;
  }
}

async function openLog(options: TaskOptions, status: StatusWriter): Promise<LiveLog> {
  const { directory, echo, settings, abort } = options;
  try {
    const onError = (error: CoprError): void => abort.abort(new TaskAborted("failed", error.message));
    return openLiveLog({ directory, echo, limits: settings, onError });
  } catch (error) {
    await status.finish("failed", (error as Error).message);
    await tellEnd(options, status.current);
    throw error;
  }
}

/** The files that the configuration may put elsewhere. */
function filesOf({ results, workspace, lock, mainLog, pid, loggerPid }: StateDirectory): string[] {
  return [results, workspace, lock, mainLog, pid, loggerPid];
}

async function takeLock({ directory, waits, abort }: TaskOptions): Promise<Lock> {
  return lockForTask(directory, { waits, signal: abort.signal }).catch(async (error: unknown) => {
    // Nobody can hold a lock where flock is missing, so the status is ours to write.
    if (error instanceof MissingProgramError) await (await beginStatus(directory, "")).finish("failed", error.message);
    throw error;
  });
}

/** A builder that was killed may have left processes and files, which must not mislead anybody from here on. */
async function cleanUpAfterCrash(options: TaskOptions): Promise<void> {
  const { directory, settings } = options;
  const before = await readStatus(directory).catch(() => undefined);
  if (before?.mark) {
    const mayEnd = await ownersOnly(directory.status);
    await endTaskProcesses(traceOfDead(before, directory), { isGentle: before.ended_on === null, mayEnd });
  }
  if (typeof before?.cgroup === "string") await removeCgroup(before.cgroup);
  if (typeof before?.chroot?.unique === "string") await scrubLeftChroot(directory, settings, before.chroot.unique);
  for (const path of [directory.running, directory.pid, directory.loggerPid]) await removeTree(path);
  await removeWorkspace(directory);
  await tellOfTaskBefore(options, before);
}

/** The work itself; every failure becomes an outcome with one sentence. */
async function attempt(
  options: TaskOptions,
  log: LiveLog,
  status: StatusWriter,
  mark: string,
  begin: () => Promise<CostMeter>,
): Promise<Outcome> {
  const { directory, abort, settings } = options;
  const transport = createTransport({ coprUrl: settings.frontendUrl ?? "", userAgent: userAgent("copr-builder") });
  const began = Date.now();
  let limitSeconds = 0;
  const deadline = new Deadline(() =>
    abort.abort(new TaskAborted("timed-out", `The task took longer than its limit of ${limitSeconds} s`)),
  );
  /** Sets the one deadline of the task, counted from its beginning; 0 for none. */
  const limit = (seconds: number): void => {
    limitSeconds = seconds;
    if (seconds === 0) deadline.clear();
    else deadline.set(began + seconds * 1000);
  };
  // A stream that fails where nobody waits for it fails the task, which ends in order.
  const fail = (error: Error): void => abort.abort(new TaskAborted("failed", outcomeOf(error, neverAborted).reason ?? error.message));
  const otherListeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", fail);
  try {
    const meter = await begin();
    // Before anything can fail: what is in the results when a task ends is taken for its own.
    await emptyResults(directory, options.keepsResults);
    await requireFreeSpace(options);
    log.hide([settings.frontendUrl ?? "", "url" in options.origin ? options.origin.url : ""].flatMap(secretsOf));
    sayHeader(options.commandLine, log);
    // The definition tells the task's own limit; fetching it must not take for ever either.
    limit(settings.defaultTimeout);
    await status.enter("fetching");
    if (options.slots > 1) log.say(`Slot: ${directory.slot}, in ${directory.path}`);
    const origin = describeOrigin(options.origin, settings);
    log.say(`Build definition: ${origin}`);
    const { origin: from, expected } = options;
    const task = await fetchTask(from, { transport, settings, signal: abort.signal, say: log.say, expected });
    await status.setTaskId(task.task_id);
    await noteDefinition(directory, mark, task);
    log.hide(addressesOf(task).flatMap(secretsOf));
    sayTask(task, log);
    const { timeLimit = 0, mockOptions = [] } = await applyRules(task, { settings, limit: meter.limit, say: log.say });
    const seconds = task.timeout === undefined ? settings.defaultTimeout : (task.timeout ?? 0);
    limit(seconds === 0 ? 0 : Math.max(seconds, timeLimit));
    await build(task, await makeContext({ options, task, log, status, mark, transport, mockOptions, admit: meter.admit }), options);
    return { state: "succeeded", reason: null };
  } catch (error) {
    return outcomeOf(error, abort.signal);
  } finally {
    process.off("uncaughtException", fail);
    for (const listener of otherListeners) process.on("uncaughtException", listener);
    deadline.clear();
    await transport.close();
  }
}

const neverAborted = new AbortController().signal;

async function build(task: BuildTask, context: TaskContext, { action, buildroot, directory }: TaskOptions): Promise<void> {
  const buildsWith = buildroots[buildroot];
  if (action === "dump-configs") {
    if (task.kind === "srpm") throw new TaskError("There is no configuration to write for a source package");
    context.log.say(`Wrote: ${await buildsWith.writeConfig(context, task)}`);
    return;
  }
  // Each kind loads what it needs, and no more: a source package takes the evaluator of spec files.
  if (task.kind === "srpm") await (await import("./build-srpm.ts")).buildSrpm(context, task, buildsWith);
  else await (await import("./build-rpm.ts")).buildRpm(context, task, buildsWith);
  context.signal.throwIfAborted();
  await markSuccess(directory.results);
}

async function conclude(
  options: TaskOptions & { meter: CostMeter | undefined },
  log: LiveLog,
  status: StatusWriter,
  { state, reason, title = "Copr build error" }: Outcome,
): Promise<void> {
  const { directory, settings } = options;
  let final = { state, reason: reason === null ? null : log.shown(reason) };
  const { cost } = status.current;
  let cause: TaskCause | undefined;
  if (cost !== null) log.say(costTable(cost));
  try {
    if (state !== "succeeded") {
      await unmarkSuccess(directory.results);
      await sweepFailedResults({ results: directory.results, log, settings });
      // Before the results of earlier tasks come back, whose logs tell of others.
      const told = await tellWhy({ ...options, cost }, log, { ...final, title });
      cause = told.cause;
      final = { state, reason: told.reason };
    }
    await bringBackResults(directory);
    // First the work files: on a full disk that makes room for the truth.
    await removeWorkspace(directory, log.say);
  } catch (error) {
    final = { state: state === "succeeded" ? "failed" : state, reason: reason ?? (error as Error).message };
    await unmarkSuccess(directory.results).catch(() => undefined);
  }
  log.say(final.reason === null ? "Build succeeded" : `${title}: ${final.reason}`);
  log.close();
  await status.finish(final.state, final.reason, cause);
  for (const path of [directory.running, directory.pid, directory.loggerPid]) await removeTree(path);
}
