import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import headless from "@xterm/headless";

/** What is done at a terminal, one after the other. */
type TerminalStep =
  | { until: string }
  | { sleep: number }
  | { type: string }
  | { resize: [columns: number, rows: number] }
  | { signal: NodeJS.Signals };

export interface TerminalRun {
  exit: number;
  /** Lines of the screen at the end, without what is blank at its end. */
  screen: string[];
  /** The same after each step. */
  screens: string[][];
  /** Everything that was shown and has scrolled away, and the screen. */
  history: string[];
  /** All bytes that the terminal got. */
  raw: string;
  /** How often it got some. */
  writes: number;
  isCursorVisible: boolean;
  /** The terminal's settings are what they were. */
  isRestored: boolean;
}

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  steps?: readonly TerminalStep[];
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

const runner = fileURLToPath(new URL("terminal-run.py", import.meta.url));

type Told = { data?: string; resize?: [number, number]; mark?: number; exit?: number; settings?: boolean };

/** Runs a program on a terminal, which is read back by an emulator. */
export async function runOnTerminal(argv: readonly string[], options: TerminalOptions = {}): Promise<TerminalRun> {
  const { columns = 80, rows = 24, steps = [], cwd, env = {} } = options;
  const terminal = new headless.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
  const child = spawn("python3", [runner, JSON.stringify(steps), String(columns), String(rows), ...argv], {
    cwd,
    env: { PATH: process.env["PATH"], TERM: "xterm-256color", LANG: "C.UTF-8", TZ: "UTC", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const run: TerminalRun = { exit: -1, screen: [], screens: [], history: [], raw: "", writes: 0, isCursorVisible: true, isRestored: false };
  const decoder = new TextDecoder();
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as Told;
    if (told.data !== undefined) {
      const bytes = Buffer.from(told.data, "base64");
      run.raw += decoder.decode(bytes, { stream: true });
      run.writes += 1;
      await new Promise<void>((done) => terminal.write(bytes, done));
    }
    if (told.resize) terminal.resize(...told.resize);
    if (told.mark !== undefined) run.screens.push(screenOf(terminal));
    if (told.exit !== undefined) Object.assign(run, { exit: told.exit, isRestored: told.settings });
  }
  run.screen = screenOf(terminal);
  run.history = linesFrom(terminal, 0);
  run.isCursorVisible = run.raw.lastIndexOf("\u001b[?25h") >= run.raw.lastIndexOf("\u001b[?25l");
  return run;
}

function screenOf(terminal: headless.Terminal): string[] {
  return linesFrom(terminal, terminal.buffer.active.baseY);
}

function linesFrom({ buffer: { active } }: headless.Terminal, first: number): string[] {
  const lines = Array.from({ length: active.length - first }, (_, at) => active.getLine(first + at)?.translateToString(true) ?? "");
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
