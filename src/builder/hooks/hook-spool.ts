import { constants } from "node:fs";
import { lstat, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isRunning, readProcess } from "../../core/process/table.ts";
import { ensureSharedDirectory } from "../state/shared-directory.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { TaskStatus } from "../state/status.ts";

/**
 * The spool holds one file for each task whose hooks have not all been run; its name says how far that went. It is made when
 * the task begins, each step is a rename, which only one process can do, and the last step removes it. So whatever is killed
 * when, no hook is told of a task twice, and no task is forgotten:
 *
 * `ID.held-PID-START`: that process, begun at that clock tick, is going to write how the task ended,
 * `ID.ready`: it is written,
 * `ID.after-HOOK`: the hooks up to that one have been started.
 */
export interface SpooledTask {
  mark: string;
  path: string;
  stage: "held" | "ready" | "begun";
  /** Name of the hook that was started last. */
  lastHook: string | undefined;
  /** All that goes before the stage in the name. */
  id: string;
}

/** Room for the end of a task, so that it can be told on a full disk. */
const RESERVED_BYTES = 16_384;
const NAME = /^(\d{15}-([0-9a-f-]{36}))\.(?:held-(\d+)-(\d+)|ready|after-(.+))$/;

/** A task begins, and is going to be told of. */
export async function holdPlace({ hookSpool }: StateDirectory, { mark, started_on }: TaskStatus, document: object): Promise<void> {
  await ensureSharedDirectory(hookSpool);
  const id = `${String(Math.round(started_on * 1000)).padStart(15, "0")}-${mark}`;
  const file = await open(join(hookSpool, `${id}.${heldByUs()}`), "wx", 0o600);
  try {
    await file.writeFile(JSON.stringify(document).padEnd(RESERVED_BYTES));
  } finally {
    await file.close();
  }
}

/** Takes the place of a task whose own process is gone; resolves to undefined where another process was quicker. */
export async function takeOver({ hookSpool }: StateDirectory, task: SpooledTask): Promise<SpooledTask | undefined> {
  return moved(task, join(hookSpool, `${task.id}.${heldByUs()}`), "held");
}

/** Writes how a task ended into the place that this process holds. */
export async function fillPlace({ hookSpool }: StateDirectory, task: SpooledTask, document: object): Promise<SpooledTask | undefined> {
  const file = await open(task.path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    // Without truncating it first: on a full disk its own blocks are all there is.
    const { bytesWritten } = await file.write(JSON.stringify(document).padEnd(RESERVED_BYTES), 0);
    await file.truncate(bytesWritten);
  } finally {
    await file.close();
  }
  return moved(task, join(hookSpool, `${task.id}.ready`), "ready");
}

/** A hook is about to be started; undefined where the task is not there any more. */
export function beginHook({ hookSpool }: StateDirectory, task: SpooledTask, hook: string): Promise<SpooledTask | undefined> {
  return moved({ ...task, lastHook: hook }, join(hookSpool, `${task.id}.after-${hook}`), "begun");
}

/** Nothing is left to be told. */
export async function leaveSpool({ path }: SpooledTask): Promise<void> {
  await rm(path, { force: true });
}

/** What the file of a task says. Throws where it can't be read. */
export async function readPlace({ path }: SpooledTask): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
}

/** The tasks of this user that somebody should look after, oldest first: all but those whose process lives. */
export async function waitingTasks({ hookSpool }: StateDirectory): Promise<SpooledTask[]> {
  const names = (await readdir(hookSpool).catch(() => [])).filter((name) => NAME.test(name)).toSorted();
  const found: SpooledTask[] = [];
  for (const name of names) {
    const task = parseName(hookSpool, name);
    if (task && (await isOurs(task.path))) found.push(task);
  }
  return found;
}

/** The place that this process holds for a task. */
export async function ownPlace({ hookSpool }: StateDirectory, mark: string): Promise<SpooledTask | undefined> {
  const name = (await readdir(hookSpool).catch(() => [])).find((one) => one.endsWith(`-${mark}.${heldByUs()}`));
  const id = name?.slice(0, name.indexOf("."));
  return name === undefined || id === undefined ? undefined : { mark, id, path: join(hookSpool, name), stage: "held", lastHook: undefined };
}

function parseName(spool: string, name: string): SpooledTask | undefined {
  const [, id, mark, pid, startTime, lastHook] = NAME.exec(name) ?? [];
  if (id === undefined || mark === undefined) return undefined;
  if (pid !== undefined && isRunning({ pid: Number(pid), startTime: Number(startTime) })) return undefined;
  const stage = pid !== undefined ? "held" : lastHook === undefined ? "ready" : "begun";
  return { mark, id, path: join(spool, name), stage, lastHook };
}

function heldByUs(): string {
  return `held-${process.pid}-${readProcess(process.pid)?.startTime ?? 0}`;
}

/** Hooks run as the user of their task, so what others have spooled is theirs. */
async function isOurs(path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  return info !== undefined && info.isFile() && info.nlink === 1 && info.uid === process.getuid?.();
}

async function moved(task: SpooledTask, path: string, stage: SpooledTask["stage"]): Promise<SpooledTask | undefined> {
  return rename(task.path, path).then(
    () => ({ ...task, path, stage }),
    () => undefined,
  );
}
