import type { BuildState } from "../api/types.ts";
import { BuildError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { isFinished } from "./finished-states.ts";
import { type StateChange, watchBuilds, type WatchOptions } from "./watch.ts";

export interface AwaitOptions extends WatchOptions {
  /** Hears of each new state. */
  onState?: (change: StateChange) => void;
}

/** Packages of a forked build are there, too. */
const goodStates: ReadonlySet<BuildState> = new Set(["succeeded", "forked"]);

/** Waits until a build has succeeded. Throws BuildError when it ends otherwise, and as `watchBuilds` does. */
export async function awaitSuccess(transport: Transport, id: number, { onState, ...options }: AwaitOptions = {}): Promise<void> {
  for await (const change of watchBuilds(transport, [id], options)) {
    onState?.(change);
    if (!isFinished(change.state) || goodStates.has(change.state)) continue;
    throw new BuildError(`Build ${id} did not succeed (${change.state}), so nothing was submitted.`, {
      wasCanceled: change.state === "canceled",
    });
  }
}
