import { emitKeypressEvents, type Key } from "node:readline";
import type { Terminal } from "../terminal.ts";
import type { ScreenLine } from "./screen.ts";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";

/** A key, by the name that Node gives it, or the character it types. */
export interface PressedKey {
  name: string;
  /** What it types, for those that do. */
  text: string;
}

/** The whole screen of a terminal, whose keys are read one by one. The terminal is as it was found after `close`, however it ends. */
export class FullScreen {
  readonly #terminal: Terminal;
  readonly #onKey: (key: PressedKey) => void;
  readonly #onRedraw: () => void;
  #drawn: string[] = [];
  #isOpen = false;

  /**
   * @param onKey is told each key, Ctrl-C as `interrupt`
   * @param onRedraw asked to draw everything: after a resize, and when a stopped program goes on
   */
  constructor(terminal: Terminal, onKey: (key: PressedKey) => void, onRedraw: () => void) {
    this.#terminal = terminal;
    this.#onKey = onKey;
    this.#onRedraw = onRedraw;
    emitKeypressEvents(process.stdin);
    this.#enter();
    process.once("exit", this.#leave);
    process.on("SIGTSTP", this.#stop);
    process.on("SIGCONT", this.#goOn);
    process.stdin.on("keypress", this.#pressed);
    process.stdout.on("resize", this.#redraw);
    process.stdin.resume();
  }

  get columns(): number {
    return this.#terminal.columns ?? 80;
  }

  get rows(): number {
    return this.#terminal.rows ?? 24;
  }

  /** Shows these lines from the top; one write of those that changed. */
  draw(lines: readonly ScreenLine[]): void {
    const shown = lines.slice(0, this.rows).map(({ colored }) => colored);
    let frame = "";
    for (let at = 0; at < Math.max(shown.length, this.#drawn.length); at += 1) {
      if (shown[at] !== this.#drawn[at]) frame += `\u001b[${at + 1};1H${shown[at] ?? ""}\u001b[K`;
    }
    if (frame !== "") this.#terminal.out(frame);
    this.#drawn = shown;
  }

  close(): void {
    process.off("exit", this.#leave);
    process.off("SIGTSTP", this.#stop);
    process.off("SIGCONT", this.#goOn);
    process.stdin.off("keypress", this.#pressed);
    process.stdout.off("resize", this.#redraw);
    process.stdin.pause();
    this.#leave();
  }

  #enter(): void {
    this.#isOpen = true;
    process.stdin.setRawMode(true);
    this.#terminal.out(ENTER);
  }

  readonly #leave = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.stdin.setRawMode(false);
    this.#terminal.out(LEAVE);
  };

  /** The shell gets its terminal, then the program stops as it would have. */
  readonly #stop = (): void => {
    this.#leave();
    process.kill(process.pid, "SIGSTOP");
  };

  readonly #redraw = (): void => {
    this.#drawn = [];
    this.#terminal.out("\u001b[2J");
    this.#onRedraw();
  };

  readonly #goOn = (): void => {
    if (!this.#isOpen) this.#enter();
    this.#redraw();
  };

  readonly #pressed = (text: string | undefined, key: Key): void => {
    if (key.ctrl && key.name === "z") {
      this.#stop();
      return;
    }
    const name = key.ctrl && key.name === "c" ? "interrupt" : (key.name ?? text ?? "");
    this.#onKey({ name, text: text !== undefined && !key.ctrl && !key.meta && /^\P{C}$/u.test(text) ? text : "" });
  };
}
