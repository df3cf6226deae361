import { cleanText } from "../core/text/clean-text.ts";
import { BuildError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { clockTime } from "./format/clock-time.ts";
import { colorState } from "./format/state-color.ts";

/** Prints states of builds as they change until all are finished. Throws BuildError unless all ended well. */
export async function watch(context: Context, ids: readonly number[], pollSeconds = 30): Promise<void> {
  const { terminal, interrupted } = context;
  terminal.out("Watching build(s): (this may be safely interrupted)\n");
  const { watchBuilds } = await import("../core/builds/watch.ts");
  const failed: number[] = [];
  const canceled: number[] = [];
  try {
    const changes = watchBuilds(await context.transport(), ids, {
      signal: interrupted,
      intervalMs: pollSeconds * 1000,
      onTrouble: (reason) => terminal.error(cleanText(`The server has trouble, still waiting: ${reason}\n`)),
    });
    for await (const { id, state } of changes) {
      terminal.out(`  ${clockTime()} Build ${cleanText(String(id))}: ${colorState(state, terminal.hasColor)}\n`);
      if (state === "unknown") throw new BuildError("Unknown status.");
      if (state === "failed") failed.push(id);
      if (state === "canceled") canceled.push(id);
    }
  } catch (error) {
    // The builds go on without us, so stopping to look is no failure.
    if (interrupted.aborted) return;
    throw error;
  }
  const sentences = [
    failed.length > 0 ? `Build(s) ${failed.join(", ")} failed.` : "",
    canceled.length > 0 ? `Build(s) ${canceled.join(", ")} canceled.` : "",
  ].filter(Boolean);
  if (sentences.length > 0) throw new BuildError(sentences.join(" "));
}
