import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ExplainedLog } from "../explain/explanation.ts";
import { openInput } from "../files/input.ts";
import { unpack } from "../http/unpacked.ts";

/** Logs that lie together on a disk: those of one build in one chroot. */
export interface LocalLogs {
  /** The directory, or the only file. */
  path: string;
  logs: ExplainedLog[];
}

/** A log on a disk, packed or not. */
export function localLog(path: string): ExplainedLog {
  return { name: basename(path).replace(/\.gz$/, ""), open: () => unpackedFile(path) };
}

/**
 * The logs of a result directory; or, where there are none, those of the directories in it, one for each chroot, as
 * `download-build` leaves them. Throws the system's error when it can't be read.
 */
export async function localLogs(directory: string): Promise<LocalLogs[]> {
  const own = await logsIn(directory);
  if (own.length > 0) return [{ path: directory, logs: own }];
  const found: LocalLogs[] = [];
  for (const name of (await readdir(directory)).toSorted()) {
    const path = join(directory, name);
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) continue;
    const logs = await logsIn(path);
    if (logs.length > 0) found.push({ path, logs });
  }
  return found;
}

/** The logs that lie in a directory itself. One that is there twice, packed and not, counts once. */
export async function logsIn(directory: string): Promise<ExplainedLog[]> {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  return names
    .filter((name) => /\.log(\.gz)?$/.test(name) && !(name.endsWith(".gz") && names.includes(name.slice(0, -3))))
    .toSorted()
    .map((name) => localLog(join(directory, name)));
}

async function* unpackedFile(path: string): AsyncGenerator<Buffer> {
  const file = await openInput(path);
  try {
    yield* (await unpack(file)).bytes;
  } finally {
    file.destroy();
  }
}
