import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exists } from "../../core/files/directories.ts";
import { reserveOf } from "../history/journal.ts";
import { emptyDirectory, removeByName } from "../state/clean-state.ts";
import { leftOf } from "../state/set-aside.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { workNames } from "../state/workspace.ts";
import type { IdleSlot } from "./idle-slot.ts";
import { sweepMounts } from "./mounts.ts";
import type { Orphan, Sweep } from "./orphan.ts";
import { diskUse } from "./sizes.ts";

/** Who writes a file is done with it sooner, also on a slow disk. */
const HALF_WRITTEN_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes files of a slot that no task needs: marks of a task that runs, work files, half-written ones, old results. */
export async function sweepStateFiles(idle: IdleSlot, sweep: Sweep): Promise<void> {
  await sweepMarks(idle, sweep);
  await sweepWork(idle, sweep);
  await sweepHalfWritten(idle, sweep);
  await sweepResults(idle, sweep);
}

/** What says that a task runs. */
async function sweepMarks({ slot }: IdleSlot, sweep: Sweep): Promise<void> {
  for (const path of [slot.running, slot.pid, slot.loggerPid]) {
    if (!(await exists(path))) continue;
    await sweep.take({ kind: "file", name: path, slot: slot.slot, reason: "no task runs", remove: () => removeByName(path, slot) });
  }
}

async function sweepWork({ slot }: IdleSlot, sweep: Sweep): Promise<void> {
  const about = { kind: "work", slot: slot.slot, reason: "its task is over" } as const;
  for (const name of await workNames(slot)) {
    const path = join(slot.workspace, name);
    await sweepMounts(path, sweep, about);
    await sweep.take({
      ...about,
      name: path,
      size: await diskUse([path]),
      remove: () => removeByName(path, slot),
    });
  }
  for (const path of [slot.workspace, slot.results, slot.keptResults]) {
    for (const left of await leftOf(path))
      await sweep.take({ ...about, name: left, size: await diskUse([left]), remove: () => removeByName(left, slot) });
  }
}

/** What a program that was killed has not renamed to its name any more, and what it has tried a directory with. */
async function sweepHalfWritten({ slot }: IdleSlot, sweep: Sweep): Promise<void> {
  const { status, history, pid, loggerPid, running, chrootConfig, rootCaches, keptChroots } = slot;
  const written = [status, history, reserveOf(history), pid, loggerPid, running, chrootConfig];
  const isOurs = (path: string): boolean => {
    const [, target = "", rest = ""] = /^(.*)\.([0-9a-f]{12})\.tmp$/.exec(path) ?? [];
    if (rest !== "" && (written.includes(target) || /^[0-9a-f]{32}\.cfg$/.test(basename(target)))) return true;
    return /^\.probe-[0-9a-f]{12}$/.test(basename(path));
  };
  for (const directory of new Set([...written.map((path) => dirname(path)), rootCaches, keptChroots])) {
    for (const name of await readdir(directory).catch(() => [])) {
      const path = join(directory, name);
      if (!isOurs(path) || !(await isOlder(path, HALF_WRITTEN_MS))) continue;
      const remove = (): Promise<void> => removeByName(path, slot);
      await sweep.take({ kind: "file", name: path, slot: slot.slot, reason: "who wrote it was ended", remove });
    }
  }
}

/** The results of a task that ended long ago, also those that it was to leave alone when it was killed. */
async function sweepResults({ slot, status, host: { settings } }: IdleSlot, sweep: Sweep): Promise<void> {
  if (settings.resultsMaxDays === 0) return;
  const limitMs = settings.resultsMaxDays * DAY_MS;
  const endedOn = status && (status.ended_on ?? status.updated_on);
  for (const path of [slot.results, slot.keptResults]) {
    if (!(await hasEntries(path))) continue;
    if (endedOn === undefined ? !(await isOlder(path, limitMs)) : endedOn * 1000 + limitMs > Date.now()) continue;
    const reason = `their task ended more than ${settings.resultsMaxDays} days ago`;
    const orphan: Orphan = {
      kind: "results",
      name: path,
      slot: slot.slot,
      reason,
      size: await diskUse([path]),
      remove: () => remove(path, slot),
    };
    await sweep.take(orphan);
  }
}

/** The place of results stays, as it was installed. */
function remove(path: string, slot: StateDirectory): Promise<void> {
  return path === slot.results ? emptyDirectory(path, slot) : removeByName(path, slot);
}

async function hasEntries(path: string): Promise<boolean> {
  if ((await lstat(path).catch(() => undefined))?.isDirectory() !== true) return false;
  return (await readdir(path).catch(() => [])).length > 0;
}

async function isOlder(path: string, ageMs: number): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  return info !== undefined && info.mtimeMs + ageMs < Date.now();
}
