import { CoprError, describeFileError, isOutsideError } from "../../core/errors.ts";
import type { BuilderHost } from "../options.ts";
import { sweepCaches } from "./caches.ts";
import { sweepChroots } from "./chroots.ts";
import { sweepLease } from "./lease.ts";
import type { OrphanRecord, Sweep } from "./orphan.ts";
import { sweepProcesses } from "./processes.ts";
import { sweepSlot } from "./slot.ts";
import { sweepTemporaryFiles } from "./temporary-files.ts";

/** What is told of a sweep. */
export interface SweepReport {
  isDryRun: boolean;
  onRecord(record: OrphanRecord): void;
  /** A part of the search could not be done, one sentence. */
  onTrouble(message: string): void;
}

/**
 * Looks for what tasks have left that live no more, and removes it. Tasks that run, and those that begin meanwhile, are
 * left alone: what belongs to a slot is looked at while its lock is held.
 */
export async function sweepOrphans(host: BuilderHost, { isDryRun, onRecord, onTrouble }: SweepReport): Promise<void> {
  const sweep: Sweep = {
    isDryRun,
    async take({ remove, kind, name, pid = null, slot = null, reason, size = null }) {
      const error = isDryRun ? undefined : await remove().then(() => null, sentenceOf);
      const outcome = error === undefined ? "found" : error === null ? "removed" : "failed";
      onRecord({ kind, name, pid, slot, reason, size, outcome, error: error ?? null });
    },
    part: (work) => work().catch((error: unknown) => onTrouble(sentenceOf(error))),
  };
  // Processes first: they hold mounts, and mounts hold trees.
  for (const slot of host.slots) await sweep.part(() => sweepSlot(slot, host, sweep));
  for (const look of [sweepProcesses, sweepChroots, sweepCaches, sweepLease, sweepTemporaryFiles])
    await sweep.part(() => look(host, sweep));
}

function sentenceOf(error: unknown): string {
  if (error instanceof CoprError) return error.message;
  if (isOutsideError(error)) return describeFileError(error);
  throw error;
}
