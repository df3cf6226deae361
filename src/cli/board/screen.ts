import type { Terminal } from "../terminal.ts";
import { textWidth } from "../output/width.ts";

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_BELOW = "\u001b[J";
const CLEAR_LINE = "\u001b[K";

/** A line to draw: what it looks like without colours, and with them. */
export interface ScreenLine {
  plain: string;
  colored: string;
}

/**
 * Some lines at the end of what a terminal shows, drawn anew in place. A writer of our own, since those there are erase all lines
 * for each frame, or keep the whole screen: here a frame is one write of no more than the lines that changed, lines may be
 * printed above it, and the cursor is back however the program ends, or is stopped.
 */
export class Screen {
  readonly #terminal: Terminal;
  #drawn: ScreenLine[] = [];
  #columns: number;
  #isOpen = true;
  readonly #onChange: () => void;

  /** @param onChange called when everything has to be drawn anew: after a resize, and when a stopped program goes on */
  constructor(terminal: Terminal, onChange: () => void) {
    this.#terminal = terminal;
    this.#columns = terminal.columns ?? 80;
    this.#onChange = onChange;
    terminal.out(HIDE_CURSOR);
    process.once("exit", this.#restore);
    process.on("SIGTSTP", this.#stop);
    process.on("SIGCONT", this.#goOn);
    process.stdout.on("resize", this.#resized);
  }

  /** Shows these lines instead of those of the last frame. They must fit into the terminal's width and height. */
  draw(lines: readonly ScreenLine[]): void {
    const before = this.#drawn;
    let frame = "";
    // From the line after the last one to the first that changed, and down again.
    const first = lines.findIndex((line, at) => line.colored !== before[at]?.colored);
    const start = first < 0 ? lines.length : first;
    if (start === lines.length && lines.length === before.length) return;
    if (before.length > start) frame += `\u001b[${before.length - start}A`;
    for (const [at, line] of lines.entries()) {
      if (at < start) continue;
      const isSame = line.colored === before[at]?.colored;
      frame += isSame ? "\u001b[1B" : `\r${line.colored}${CLEAR_LINE}\n`;
      if (isSame) frame += "\r";
    }
    if (before.length > lines.length) frame += CLEAR_BELOW;
    this.#terminal.out(frame);
    this.#drawn = [...lines];
  }

  /** Prints a text above the lines, where it stays. */
  print(text: string): void {
    const lines = this.#drawn;
    this.#terminal.out(this.#erasure() + text);
    this.#drawn = [];
    this.draw(lines);
  }

  /** Leaves the last frame as it is, and the terminal as it was found. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off("exit", this.#restore);
    process.off("SIGTSTP", this.#stop);
    process.off("SIGCONT", this.#goOn);
    process.stdout.off("resize", this.#resized);
    this.#terminal.out(SHOW_CURSOR);
  }

  /** Goes to where the lines begin, and takes them away. A terminal that became narrower has broken them. */
  #erasure(columns = this.#columns): string {
    const rows = this.#drawn.reduce((sum, { plain }) => sum + Math.max(1, Math.ceil(textWidth(plain) / columns)), 0);
    return rows === 0 ? "" : `\r\u001b[${rows}A${CLEAR_BELOW}`;
  }

  readonly #restore = (): void => this.#terminal.out(SHOW_CURSOR);

  /** Ctrl-Z: the shell gets its cursor, then the program stops as it would have. */
  readonly #stop = (): void => {
    this.#restore();
    process.kill(process.pid, "SIGSTOP");
  };

  readonly #goOn = (): void => {
    // What the shell printed meanwhile stands below the old frame.
    this.#drawn = [];
    this.#terminal.out(HIDE_CURSOR);
    this.#onChange();
  };

  readonly #resized = (): void => {
    const columns = this.#terminal.columns ?? 80;
    this.#terminal.out(this.#erasure(columns));
    this.#drawn = [];
    this.#columns = columns;
    this.#onChange();
  };
}
