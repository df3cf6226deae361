import { setTimeout as sleep } from "node:timers/promises";
import type { BuildRecord } from "../../core/builds/build-record.ts";
import { watchBuild } from "../../core/builds/watch-build.ts";
import { BuildError } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { buildLines } from "../board/build-lines.ts";
import { Screen } from "../board/screen.ts";
import { hasUnicode } from "../board/state-sign.ts";
import type { Context } from "../context.ts";
import type { CauseRecord } from "../explain/cause-record.ts";
import { describeCause } from "../explain/describe-cause.ts";
import { noteSeen, seenRecord } from "../seen-builds.ts";
import { causesOf } from "./causes.ts";
import { LastLines } from "./last-lines.ts";
import { Outcome } from "./outcome.ts";

const FRAME_MS = 1000;

export interface BoardOptions {
  intervalMs: number;
  /** Shows the last line of each running chroot's log. */
  logs: boolean;
}

/** Shows builds on a terminal until all are finished, and why those that failed did. Throws BuildError unless all ended well. */
export async function watchOnBoard(context: Context, ids: readonly number[], { intervalMs, logs }: BoardOptions): Promise<void> {
  const { terminal, interrupted } = context;
  terminal.out("Watching build(s): (this may be safely interrupted)\n");
  const transport = await context.transport();
  const isUnicode = hasUnicode();
  let trouble = "";
  const watch = watchBuild(transport, ids, {
    signal: interrupted,
    intervalMs,
    onTrouble: (reason) => (trouble = cleanText(`The server has trouble, still waiting: ${reason}\n`)),
  });
  const lastLines = new LastLines(transport, interrupted);
  const outcome = new Outcome();
  const draw = (): void => {
    if (trouble !== "") screen.print(trouble);
    trouble = "";
    const layout = {
      columns: terminal.columns ?? 80,
      rows: Math.max(1, (terminal.rows ?? 24) - 1),
      hasColor: terminal.hasColor,
      isUnicode,
      now: Date.now() / 1000,
    };
    screen.draw(buildLines(inOrder(ids, watch.builds), { lastLines: lastLines.lines }, layout));
  };
  const screen = new Screen(terminal, draw);
  const done = new AbortController();
  const frames = drawEach(FRAME_MS, draw, done.signal);
  try {
    for await (const event of watch) {
      if (logs) lastLines.follow(inOrder(ids, watch.builds));
      draw();
      if (event.event !== "finished") continue;
      if (event.state === "unknown") throw new BuildError("Unknown status.");
      outcome.add(event.build, event.state);
      if (event.state !== "failed") continue;
      for (const cause of await causesOf(context, event.build))
        screen.print(`${describeCause(cause, terminal.hasColor)}${logLine(cause)}\n`);
    }
  } finally {
    done.abort();
    await frames;
    lastLines.end();
    screen.close();
    // Who interrupts does not wait for a file.
    if (!interrupted.aborted) await noteSeen(context, inOrder(ids, watch.builds).map(seenRecord));
  }
  outcome.rethrow();
}

async function drawEach(everyMs: number, draw: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) draw();
  }
}

function inOrder(ids: readonly number[], builds: ReadonlyMap<number, BuildRecord>): BuildRecord[] {
  return ids.flatMap((id) => builds.get(id) ?? []);
}

function logLine({ log_url: url }: CauseRecord): string {
  return url === null ? "" : cleanText(`  Log: ${url}\n`);
}
