import { InterruptedError } from "../interruption.ts";

/** What the keys send. */
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_U = "\u0015";
/** Terminals that were told to mark what is pasted do so. */
const PASTE_BEGIN = "\u001b[200~";
const PASTE_END = "\u001b[201~";

const MAX_CHARACTERS = 65_536;

/** Lines that are typed or pasted at a terminal, which does not show them. */
export class HiddenInput {
  /** Whole lines that nobody has asked for yet; null is the end of the input. */
  readonly #lines: (string | null)[] = [];
  #line = "";
  #length = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  /** From now on nothing that is typed is shown. */
  constructor() {
    process.stdin.setRawMode(true);
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", this.#take).on("end", this.#end).resume();
  }

  /** The next line; null at Ctrl-D. Throws InterruptedError at Ctrl-C. */
  async line(): Promise<string | null> {
    for (;;) {
      const next = this.#next();
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The same, but undefined when it does not come within the time: what is pasted comes at once. */
  async lineWithin(ms: number): Promise<string | null | undefined> {
    const next = this.#next();
    if (next !== undefined) return next;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
    return this.#next();
  }

  /** The terminal shows again what is typed; what was not asked for is forgotten. */
  close(): void {
    process.stdin.off("data", this.#take).off("end", this.#end).pause();
    process.stdin.setRawMode(false);
  }

  #next(): string | null | undefined {
    if (this.#failure) throw this.#failure;
    return this.#lines.shift();
  }

  readonly #end = (): void => this.#give(null);

  readonly #take = (text: string): void => {
    this.#length += text.length;
    if (this.#length > MAX_CHARACTERS) this.#fail(new InterruptedError());
    for (const key of text.replaceAll(PASTE_BEGIN, "").replaceAll(PASTE_END, "")) this.#press(key);
  };

  #press(key: string): void {
    if (key === CTRL_C) this.#fail(new InterruptedError());
    else if (key === CTRL_D) this.#give(this.#line === "" ? null : this.#line);
    else if (key === "\r" || key === "\n") this.#give(this.#line);
    else if (key === CTRL_U) this.#line = "";
    else if (key === "\u007f" || key === "\b") this.#line = this.#line.slice(0, -1);
    else this.#line += key;
  }

  #give(line: string | null): void {
    this.#lines.push(line);
    this.#line = "";
    this.#wake?.();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}
