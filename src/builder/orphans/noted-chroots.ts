import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CoprError } from "../../core/errors.ts";
import { exists } from "../../core/files/directories.ts";
import { keptChroots, scrubAsOwner, scrubLeftChroot } from "../buildroot/chroot.ts";
import { isUniqueName, readChrootName } from "../buildroot/mock-command.ts";
import type { Settings } from "../settings.ts";
import { removeByName } from "../state/clean-state.ts";
import type { IdleSlot } from "./idle-slot.ts";
import { leaseState } from "./lease.ts";
import { sweepMounts } from "./mounts.ts";
import type { Sweep } from "./orphan.ts";
import { diskUse } from "./sizes.ts";

/** A machine is lent a moment after its chroot was left to its user. */
const GRACE_MS = 60 * 60 * 1000;

/** Removes the chroots that a slot has notes of: that of a killed task, and those of users whose lease is over. */
export async function sweepNotedChroots(idle: IdleSlot, sweep: Sweep): Promise<void> {
  const { slot, status } = idle;
  const { settings } = idle.host;
  const unique = status?.chroot?.unique;
  if (await exists(slot.chrootConfig)) {
    if (typeof unique === "string" && isUniqueName(unique)) {
      const scrub = (): Promise<boolean> => scrubLeftChroot(slot, settings, unique);
      await takeChroot(idle, sweep, { unique, note: slot.chrootConfig, reason: "its task is over", scrub });
    } else {
      // It is gone, or was never made; one that is there after all is found by its name.
      const remove = (): Promise<void> => removeByName(slot.chrootConfig, slot);
      await sweep.take({ kind: "file", name: slot.chrootConfig, slot: slot.slot, reason: "no task tells of its chroot", remove });
    }
  }
  if ((await leaseState(settings)) === "running") return;
  for (const chroot of await keptChroots(slot)) {
    const note = await lstat(chroot.config).catch(() => undefined);
    if (note === undefined || note.mtimeMs + GRACE_MS > Date.now()) continue;
    const scrub = (): Promise<boolean> => scrubAsOwner(chroot, slot, settings);
    await takeChroot(idle, sweep, { unique: chroot.unique, note: chroot.config, reason: "the machine is not lent any more", scrub });
  }
}

/** A chroot of which there is a note. */
interface NotedChroot {
  unique: string;
  note: string;
  reason: string;
  scrub(): Promise<boolean>;
}

async function takeChroot({ slot: { slot }, host }: IdleSlot, sweep: Sweep, { unique, note, reason, scrub }: NotedChroot): Promise<void> {
  const directories = await directoriesOf(unique, host.settings);
  for (const directory of directories) await sweepMounts(directory, sweep, { slot, reason });
  const size = await diskUse(directories);
  const remove = async (): Promise<void> => {
    if (!(await scrub())) throw new CoprError("mock can't remove it");
  };
  await sweep.take({ kind: "chroot", name: directories[0] ?? note, slot, reason, size, remove });
}

/** The directories of a chroot and of its bootstrap chroot, as far as they are there. */
async function directoriesOf(unique: string, { mockDirectory }: Settings): Promise<string[]> {
  const names = (await readdir(mockDirectory).catch(() => [])).filter((name) => readChrootName(name)?.unique === unique);
  return names.sort().map((name) => join(mockDirectory, name));
}
