import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { exists, isDirectory } from "../../core/files/directories.ts";
import { readProcess, startedAtMs } from "../../core/process/table.ts";
import { keptChroots } from "../buildroot/chroot.ts";
import { type NamedChroot, readChrootName } from "../buildroot/mock-command.ts";
import { scrubChrootByName } from "../buildroot/scrub-by-name.ts";
import type { BuilderHost } from "../options.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { readStatus } from "../state/status.ts";
import { hasUpstreamTask } from "../task/upstream-task.ts";
import { isAnyLocked } from "./mock-locks.ts";
import { sweepMounts } from "./mounts.ts";
import type { Sweep } from "./orphan.ts";
import { livingKeepers, looksLikeBuilder } from "./processes.ts";
import { diskUse } from "./sizes.ts";
import { unlessGone } from "./unless-gone.ts";

/** The clock of processes is this exact. */
const CLOCK_ERROR_MS = 5000;
const REASON = "the process that made it is gone";

/**
 * Removes chroots of mock that were made for a task, as their names tell, by a process that is gone, and of which no slot
 * has a note. mock's own lock keeps it from removing one that is in use after all.
 */
export async function sweepChroots(host: BuilderHost, sweep: Sweep): Promise<void> {
  const { mockDirectory } = host.settings;
  const found = new Map<string, NamedChroot & { directories: string[] }>();
  for (const name of await readdir(mockDirectory).catch(() => [])) {
    const chroot = readChrootName(name);
    // A link is nothing that mock made.
    if (chroot === undefined || !(await isDirectory(join(mockDirectory, name)))) continue;
    const key = `${chroot.root} ${chroot.unique}`;
    const one = found.get(key) ?? { ...chroot, directories: [] };
    one.directories.push(join(mockDirectory, name));
    found.set(key, one);
  }
  if (found.size === 0 || (await anyUpstreamTask(host))) return;
  // Who makes a chroot lives; it notes it before, and what it leaves to others before it ends. So the notes are read last.
  const orphaned = [...found.values()].filter((one) => !isAlive(one));
  const noted = await notedNames(host.slots);
  for (const { directories: listed, ...chroot } of orphaned) {
    const directories: string[] = [];
    for (const directory of listed) if (await isDirectory(directory)) directories.push(directory);
    if (
      directories.length === 0 ||
      noted.has(chroot.unique) ||
      (await isAnyLocked(directories.map((path) => join(path, "buildroot.lock"))))
    )
      continue;
    const about = { reason: REASON };
    for (const directory of directories) await sweepMounts(directory, sweep, about);
    await sweep.take({
      ...about,
      kind: "chroot",
      name: directories.sort()[0] as string,
      size: await diskUse(directories),
      remove: () => unlessGone(directories, () => scrubChrootByName(host, chroot)),
    });
  }
}

/** Whether the process that made a name still runs: here, or where it has that number in a container of its own. */
function isAlive({ pid, madeOn }: NamedChroot): boolean {
  const process = readProcess(pid);
  // Where the machine's clock was set, the times say nothing.
  if (process && (looksLikeBuilder(pid) || startedAtMs(process) <= madeOn * 1000 + CLOCK_ERROR_MS)) return true;
  return livingKeepers().some(({ builderPid }) => builderPid === pid);
}

async function anyUpstreamTask({ slots }: BuilderHost): Promise<boolean> {
  return (await Promise.all(slots.map(hasUpstreamTask))).includes(true);
}

/** The unique names of chroots that slots tell of: they are theirs to remove. */
async function notedNames(slots: readonly StateDirectory[]): Promise<Set<string>> {
  const noted = new Set<string>();
  for (const slot of slots) {
    for (const { unique } of await keptChroots(slot)) noted.add(unique);
    const chroot = (await readStatus(slot).catch(() => undefined))?.chroot;
    if (typeof chroot?.unique === "string" && (await exists(slot.chrootConfig))) noted.add(chroot.unique);
  }
  return noted;
}
