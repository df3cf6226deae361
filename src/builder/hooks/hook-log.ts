import { constants } from "node:fs";
import { type FileHandle, lstat, open, rename } from "node:fs/promises";
import { errorCode } from "../../core/errors.ts";
import { capture } from "../../core/process/run.ts";
import { cleanLine } from "../../core/text/clean-text.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** A larger log is set aside, as `hooks.log.1`; the one set aside before goes. */
const MAX_BYTES = 256 * 1024;
const MAX_LINE = 1000;

/**
 * Tells the administrator of a host, in one line, what went wrong with hooks: in `hooks.log` of the state directory, and in the
 * system's log where there is one. Never in the log of a build.
 */
export async function tellHost({ hookLog }: StateDirectory, text: string): Promise<void> {
  const words = cleanLine(text).trim();
  const line = words.length > MAX_LINE ? `${words.slice(0, MAX_LINE)}…` : words;
  await appendTo(hookLog, `${new Date().toISOString()} ${line}\n`).catch(() => undefined);
  await tellSystem(line).catch(() => undefined);
}

async function appendTo(path: string, line: string): Promise<void> {
  const size = await lstat(path).then(
    (info) => (info.isFile() ? info.size : Number.POSITIVE_INFINITY),
    () => 0,
  );
  if (size > MAX_BYTES) await setAside(path);
  const file = await openLog(path).catch(async (error: unknown) => {
    // Another user's; the directory is for both.
    if (errorCode(error) !== "EACCES") throw error;
    await setAside(path);
    return openLog(path);
  });
  try {
    await file.write(line);
  } finally {
    await file.close();
  }
}

function openLog(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return open(path, flags, 0o644);
}

function setAside(path: string): Promise<void> {
  return rename(path, `${path}.1`);
}

/** Where journald or another system log listens. */
const SYSTEM_LOG = "/dev/log";
const TELL_MS = 2000;

async function tellSystem(line: string): Promise<void> {
  await lstat(SYSTEM_LOG);
  const argv = ["logger", "--tag", "copr-builder", "--priority", "daemon.warning", "--", line];
  await capture(argv, { cwd: "/", signal: AbortSignal.timeout(TELL_MS), graceMs: 100 });
}
