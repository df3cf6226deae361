import { cleanText } from "../../core/text/clean-text.ts";
import { watchBuilds } from "../../core/builds/watch.ts";
import { BuildError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { clockTime } from "../format/clock-time.ts";
import { colorState } from "../format/state-color.ts";
import { Outcome } from "./outcome.ts";

/** Prints a line for each new state of a build, as upstream does, until all are finished. Throws BuildError unless all ended well. */
export async function watchLines(context: Context, ids: readonly number[], intervalMs: number): Promise<void> {
  const { terminal, interrupted } = context;
  terminal.out("Watching build(s): (this may be safely interrupted)\n");
  const outcome = new Outcome();
  const changes = watchBuilds(await context.transport(), ids, {
    signal: interrupted,
    intervalMs,
    onTrouble: (reason) => terminal.error(cleanText(`The server has trouble, still waiting: ${reason}\n`)),
  });
  for await (const { id, state } of changes) {
    terminal.out(`  ${clockTime()} Build ${cleanText(String(id))}: ${colorState(state, terminal.hasColor)}\n`);
    if (state === "unknown") throw new BuildError("Unknown status.");
    outcome.add(id, state);
  }
  outcome.rethrow();
}
