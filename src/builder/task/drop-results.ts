import { tryLock } from "../../core/files/lock.ts";
import { type HostOptions, readHost } from "../options.ts";
import { emptyResults } from "../results/results.ts";

/**
 * Removes the results of the task before, for a task that was refused before it could begin: whoever looks at them afterwards
 * would take them for its own. Those of a task that runs stay. What keeps them from being removed would keep a task from
 * beginning as well, so it is not told beside the reason why this one does not.
 */
export async function dropResults(host: HostOptions): Promise<void> {
  try {
    const { slots } = await readHost(host, { isForBackend: true });
    for (const slot of slots) {
      const lock = await tryLock(slot.lock);
      if (lock === undefined) continue;
      await emptyResults(slot).finally(() => lock.release());
    }
  } catch {
    // See above.
  }
}
