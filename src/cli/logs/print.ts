import { cleanLine, cleanText } from "../../core/text/clean-text.ts";
import type { Terminal } from "../terminal.ts";
import type { Grain, LogEnd, LogRecord, LogTelling } from "./records.ts";

/** How logs are printed. */
export interface LogLayout {
  /** Names the chroot before each line, also where there is but one. */
  names: boolean;
  /** Says when each line was read. */
  timestamps: boolean;
}

/** How finely a layout wants the text of logs that are told together. */
export function grainFor({ names, timestamps }: LogLayout, among: readonly string[]): Grain {
  return names || timestamps || among.length > 1 ? "lines" : "all";
}

/** Prints logs as text, and on standard error what happens to them. Resolves to how each ended. */
export async function printLogs(terminal: Terminal, tellings: AsyncIterable<LogTelling[]>, layout: LogLayout): Promise<LogEnd[]> {
  const ends: LogEnd[] = [];
  const names = new NameColumn(layout.names, terminal.hasColor);
  /** Whose line has no end yet. */
  let midLine: string | undefined;
  for await (const batch of tellings) {
    const pieces: Uint8Array[] = [];
    for (const telling of batch) {
      switch (telling.kind) {
        case "begin":
          names.widenFor(telling.among);
          if (ends.length > 0 && !names.isShown) terminal.error(`Now ${telling.log} of ${cleanLine(telling.chroot)}.\n`);
          break;
        case "text": {
          const { text, chroot } = telling;
          if (midLine !== undefined && midLine !== chroot) pieces.push(LINE_END);
          const isWhole = text.at(-1) === LINE_FEED;
          const before = names.before(chroot) + (layout.timestamps ? timeOf(telling) : "");
          pieces.push(before === "" ? text : withBefore(Buffer.from(before), isWhole ? text : Buffer.concat([text, LINE_END])));
          midLine = isWhole || before !== "" ? undefined : chroot;
          break;
        }
        case "notice":
          write(terminal, pieces);
          terminal.error(`${cleanText(telling.sentence)}\n`);
          break;
        case "end":
          ends.push(telling);
      }
    }
    write(terminal, pieces);
  }
  return ends;
}

/** Writes what has come up to now at once. */
function write(terminal: Terminal, pieces: Uint8Array[]): void {
  const [first, ...others] = pieces.splice(0, pieces.length);
  if (first) terminal.out(others.length === 0 ? first : Buffer.concat([first, ...others]));
}

const LINE_FEED = 0x0a;
const LINE_END = Buffer.of(LINE_FEED);

/** Whole lines with the same before each of them. Made byte by byte: lines are many, and to make an object of each would cost tenfold. */
function withBefore(before: Buffer, lines: Buffer): Buffer {
  let count = 0;
  for (let at = lines.indexOf(LINE_FEED); at >= 0; at = lines.indexOf(LINE_FEED, at + 1)) count += 1;
  const all = Buffer.allocUnsafe(lines.length + count * before.length);
  for (let from = 0, to = 0; from < lines.length; ) {
    const next = lines.indexOf(LINE_FEED, from) + 1;
    to += before.copy(all, to);
    to += lines.copy(all, to, from, next);
    from = next;
  }
  return all;
}

/** When a line was read: ISO 8601, UTC, whole seconds. */
function timeOf({ time }: LogRecord): string {
  return `${time.toISOString().slice(0, 19)}Z `;
}

/** Cyan, yellow, green, magenta, blue, and the bright ones of them; red means failure elsewhere. */
const hues = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

/** The names of chroots before their lines, aligned, each in a colour of its own where colour belongs. */
class NameColumn {
  #isShown: boolean;
  #width = 0;
  readonly #hasColor: boolean;
  readonly #made = new Map<string, string>();

  constructor(isShown: boolean, hasColor: boolean) {
    this.#isShown = isShown;
    this.#hasColor = hasColor;
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  /** These are told together. */
  widenFor(among: readonly string[]): void {
    this.#isShown ||= among.length > 1;
    this.#width = Math.max(this.#width, ...among.map((name) => cleanLine(name).length));
    for (const name of among) this.#made.set(name, this.#make(name));
  }

  /** What goes before a line of a chroot. */
  before(chroot: string): string {
    return this.#isShown ? (this.#made.get(chroot) ?? this.#make(chroot)) : "";
  }

  #make(chroot: string): string {
    const name = `${cleanLine(chroot).padEnd(this.#width)} |`;
    const number = [...this.#made.keys()].indexOf(chroot);
    const hue = hues[(number < 0 ? this.#made.size : number) % hues.length];
    return this.#hasColor ? `\u001b[${hue}m${name}\u001b[0m ` : `${name} `;
  }
}
