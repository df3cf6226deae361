import { CoprError } from "../../core/errors.ts";
import { exists } from "../../core/files/directories.ts";
import type { BuilderHost } from "../options.ts";
import { checkStateDirectory } from "../state/check-state-directory.ts";
import { isOwnPath } from "../state/own-path.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { ownersOnly } from "../state/task-owner.ts";
import { endTaskProcesses, taskProcesses, traceOfDead } from "../task/leftovers.ts";
import { type IdleSlot, whileIdle } from "./idle-slot.ts";
import { sweepNotedChroots } from "./noted-chroots.ts";
import type { Sweep } from "./orphan.ts";
import { isMark, takeProcesses } from "./processes.ts";
import { sweepStateFiles } from "./state-files.ts";

/** Removes what the last task of a slot has left. A slot with a task is left alone. */
export async function sweepSlot(slot: StateDirectory, host: BuilderHost, sweep: Sweep): Promise<void> {
  if (!(await exists(slot.path))) return;
  checkStateDirectory(slot);
  if (!(await isOwnPath(slot))) throw new CoprError(`The directory of slot ${slot.slot}, '${slot.path}', is a link: it is left alone`);
  await whileIdle(slot, host, sweep, async (idle) => {
    await sweep.part(() => sweepOwnProcesses(idle, sweep));
    await sweep.part(() => sweepNotedChroots(idle, sweep));
    await sweep.part(() => sweepStateFiles(idle, sweep));
  });
}

async function sweepOwnProcesses({ slot, status }: IdleSlot, sweep: Sweep): Promise<void> {
  if (status === undefined || !isMark(status.mark)) return;
  const mayEnd = await ownersOnly(slot.status);
  const task = traceOfDead(status, slot);
  await takeProcesses(taskProcesses(task, mayEnd), sweep, {
    slot: slot.slot,
    reason: "its task is over",
    end: () => endTaskProcesses(task, { isGentle: status.ended_on === null, mayEnd }),
  });
}
