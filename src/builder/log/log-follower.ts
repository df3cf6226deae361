import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { isBuilderRunning, readStatus, type TaskStatus } from "../state/status.ts";

export interface FollowOptions {
  directory: StateDirectory;
  /** What comes before this byte is left out. It may lie beyond the end of the log so far. */
  fromOffset?: number;
  /** Goes on until the task of this log has ended; otherwise stops at the log's end. */
  isFollowing: boolean;
  /** Is given the open log before anything of it. */
  onOpen?: (file: number) => void;
  /** Takes the bytes, waiting for its reader; returns whether there still is one. */
  write: (bytes: Uint8Array) => boolean;
}

const POLL_MS = 100;
const CHUNK_BYTES = 256 * 1024;

/**
 * Gives out the log of the current or last task. Resolves when the task has ended, however that was, when a new task
 * has begun a log of its own, or when nobody reads any more. Throws CoprError when there is no log.
 */
export async function followLog({ directory, fromOffset = 0, isFollowing, onOpen, write }: FollowOptions): Promise<void> {
  const file = openLog(directory);
  try {
    onOpen?.(file);
    const writeRest = restWriter(file, fromOffset, write);
    const info = fstatSync(file);
    if (!isFollowing) {
      writeRest(info.size);
      return;
    }
    const hasEnded = watchTask(directory);
    let isOver = false;
    // The end is looked for only when nothing new came, and after it once more for what came before it.
    for (;;) {
      const outcome = writeRest();
      if (outcome === "no-reader" || isOver) return;
      if (outcome === "nothing-new") isOver = isReplaced(file) || (await hasEnded());
      if (!isOver) await sleep(POLL_MS);
    }
  } finally {
    closeSync(file);
  }
}

export interface WaitOptions {
  forMs: number;
  everyMs: number;
  /** Told each time the log is not there. */
  onMissing?: () => void;
}

/** Waits until some task has begun a log; resolves to whether one has. */
export async function waitForLog({ liveLog }: StateDirectory, { forMs, everyMs, onMissing }: WaitOptions): Promise<boolean> {
  const end = performance.now() + forMs;
  for (;;) {
    if (statOf(liveLog)) return true;
    onMissing?.();
    if (performance.now() >= end) return false;
    await sleep(everyMs);
  }
}

function openLog({ liveLog }: StateDirectory): number {
  let file: number;
  try {
    file = openSync(liveLog, "r");
  } catch (error) {
    throw new CoprError(`There is no log at '${liveLog}': ${describeFileError(error)}`, { cause: error });
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new CoprError(`The log '${liveLog}' is not a regular file`);
}

type Written = "something" | "nothing-new" | "no-reader";

function restWriter(file: number, fromOffset: number, write: FollowOptions["write"]): (end?: number) => Written {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = fromOffset;
  return (end = Number.POSITIVE_INFINITY) => {
    const start = position;
    for (;;) {
      const wanted = Math.min(buffer.length, Math.max(0, end - position));
      const length = readSync(file, buffer, 0, wanted, position);
      if (length === 0) return position === start ? "nothing-new" : "something";
      position += length;
      if (!write(buffer.subarray(0, length))) return "no-reader";
    }
  };
}

/** The next task begins with a new file under the old name. */
function isReplaced(file: number): boolean {
  return fstatSync(file).nlink === 0;
}

/** Where there is no status, e.g. after upstream's program, a log may yet get one. */
const START_MS = 10_000;
/** A builder that was killed has its log closed by the keeper, which has to start first. */
const LAST_LINE_MS = 2000;

/** Tells whether the task of this log has ended. Cheap: the status is read again only when its file has changed. */
function watchTask(directory: StateDirectory): () => Promise<boolean> {
  const opened = performance.now();
  let known: Stats | undefined;
  let status: TaskStatus | undefined;
  let diedAt: number | undefined;
  return async () => {
    const file = statOf(directory.status);
    if (file && (!known || file.ino !== known.ino || file.mtimeMs !== known.mtimeMs)) {
      status = await readStatus(directory);
      known = file;
    }
    if (!file || !status) return performance.now() - opened > START_MS;
    if (status.ended_on !== null) return true;
    if (isBuilderRunning(status)) return false;
    diedAt ??= performance.now();
    return performance.now() - diedAt > LAST_LINE_MS;
  };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new CoprError(`Cannot look at '${path}': ${describeFileError(error)}`, { cause: error });
  }
}
