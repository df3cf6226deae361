import { awaitSuccess } from "../../core/builds/await-success.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { clockTime } from "../format/clock-time.ts";
import { colorState } from "../format/state-color.ts";
import type { WaitingOutput } from "./printing.ts";

/** Waits until a build has succeeded, and tells of it. Throws BuildError when it does not; an interruption goes on as one. */
export async function waitForSuccess(context: Context, output: WaitingOutput, id: number, intervalMs: number): Promise<void> {
  const { terminal, interrupted } = context;
  output.note(`Waiting for the success of build ${id}: (nothing is submitted before)\n`);
  const isEvents = output.format === "jsonl";
  const waiting = awaitSuccess(await context.transport(), id, {
    signal: interrupted,
    intervalMs,
    onState({ state }) {
      if (isEvents) void output.record({ event: "state", build: id, chroot: null, state, at: new Date().toISOString() });
      else output.note(`  ${clockTime()} Build ${id}: ${colorState(state, terminal.hasColor)}\n`);
    },
    onTrouble(reason) {
      const clean = cleanText(reason);
      if (isEvents) void output.record({ event: "trouble", reason: clean, at: new Date().toISOString() });
      else terminal.notice(`The server has trouble, still waiting: ${clean}\n`);
    },
  });
  // Nothing is submitted after an interruption, whatever it broke off.
  await waiting.finally(() => interrupted.throwIfAborted());
}
