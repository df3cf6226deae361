import { cleanText } from "../../core/text/clean-text.ts";
import { watchBuilds } from "../../core/builds/watch.ts";
import { BuildError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { clockTime } from "../format/clock-time.ts";
import { colorState } from "../format/state-color.ts";
import { noteSeen, seenNumber } from "../seen-builds.ts";
import { Outcome } from "./outcome.ts";

export interface LineOptions {
  intervalMs: number;
  /** How often to say that it still waits; never when undefined. */
  heartbeatMs: number | undefined;
}

/** Prints a line for each new state of a build, as upstream does, until all are finished. Throws BuildError unless all ended well. */
export async function watchLines(context: Context, ids: readonly number[], { intervalMs, heartbeatMs }: LineOptions): Promise<void> {
  const { terminal, interrupted } = context;
  terminal.out("Watching build(s): (this may be safely interrupted)\n");
  const outcome = new Outcome();
  const changes = watchBuilds(await context.transport(), ids, {
    signal: interrupted,
    intervalMs,
    onTrouble: (reason) => terminal.error(cleanText(`The server has trouble, still waiting: ${reason}\n`)),
  });
  const states = new Map<number, string>();
  const heartbeat = heartbeatMs === undefined ? undefined : setInterval(() => terminal.out(lifeSign(states)), heartbeatMs);
  try {
    for await (const { id, state } of changes) {
      states.set(id, state);
      terminal.out(`  ${clockTime()} Build ${cleanText(String(id))}: ${colorState(state, terminal.hasColor)}\n`);
      if (state === "unknown") throw new BuildError("Unknown status.");
      outcome.add(id, state);
    }
  } finally {
    clearInterval(heartbeat);
    if (!interrupted.aborted)
      await noteSeen(
        context,
        [...states].map(([id, state]) => seenNumber(id, state)),
      );
  }
  outcome.rethrow();
}

/** How many builds are in which state. */
function lifeSign(states: ReadonlyMap<number, string>): string {
  const counts = new Map<string, number>();
  for (const state of states.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  const text = [...counts].map(([state, number]) => `${number} ${state}`).join(", ");
  return cleanText(`  ${clockTime()} Still waiting: ${text || "no answer yet"}\n`);
}
