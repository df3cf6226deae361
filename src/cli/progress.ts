import type { Terminal } from "./terminal.ts";

/** A bar that tells how much of something has been done. */
export interface Progress {
  update(doneBytes: number): void;
  end(): void;
}

/** Draws on standard error, on a terminal only: pipes and logs stay quiet. */
export async function startProgress(terminal: Terminal, totalBytes: number): Promise<Progress> {
  if (!terminal.showsProgress) return { update: () => undefined, end: () => undefined };
  const { default: ora } = await import("ora");
  // Whether to draw is decided above: ora itself would draw nothing where the environment has CI set.
  const spinner = ora({ stream: process.stderr, discardStdin: false, isEnabled: true }).start();
  const started = Date.now();
  let shownAt = 0;
  return {
    update(doneBytes) {
      const now = Date.now();
      if (now - shownAt < 100) return;
      shownAt = now;
      spinner.text = describe(doneBytes, totalBytes, now - started);
    },
    end: () => spinner.stop(),
  };
}

const BAR_WIDTH = 24;

function describe(done: number, total: number, elapsedMs: number): string {
  const part = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(part * BAR_WIDTH);
  const rate = (done / Math.max(1, elapsedMs)) * 1000;
  const seconds = rate > 0 ? Math.round((total - done) / rate) : 0;
  const eta = new Date(seconds * 1000).toISOString().slice(11, 19);
  const percent = `${Math.round(part * 100)}%`.padStart(4);
  return `${percent} |${"#".repeat(filled)}${" ".repeat(BAR_WIDTH - filled)}| ${size(done)} ${size(rate)}/s eta ${eta}`;
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
