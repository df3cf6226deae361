import { cleanText } from "../../core/text/clean-text.ts";
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
  return names || timestamps || among.length > 1 ? "line" : "block";
}

/** Prints logs as text, and on standard error what happens to them. Resolves to how each ended. */
export async function printLogs(terminal: Terminal, tellings: AsyncIterable<LogTelling>, layout: LogLayout): Promise<LogEnd[]> {
  const ends: LogEnd[] = [];
  const names = new NameColumn(layout.names, terminal.hasColor);
  /** Whose line has no end yet. */
  let midLine: string | undefined;
  for await (const telling of tellings) {
    switch (telling.kind) {
      case "begin":
        names.widenFor(telling.among);
        if (ends.length > 0 && !names.isShown) terminal.error(cleanText(`Now ${telling.log} of ${telling.chroot}.\n`));
        break;
      case "text": {
        const { text, chroot } = telling;
        if (midLine !== undefined && midLine !== chroot) terminal.out("\n");
        const isWhole = text.at(-1) === LINE_FEED;
        const before = names.before(chroot) + (layout.timestamps ? timeOf(telling) : "");
        terminal.out(before === "" ? text : Buffer.concat([Buffer.from(before), text, isWhole ? NOTHING : LINE_END]));
        midLine = isWhole || before !== "" ? undefined : chroot;
        break;
      }
      case "notice":
        terminal.error(`${cleanText(telling.sentence)}\n`);
        break;
      case "end":
        ends.push(telling);
    }
  }
  return ends;
}

const LINE_FEED = 0x0a;
const LINE_END = Buffer.of(LINE_FEED);
const NOTHING = Buffer.alloc(0);

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
    this.#width = Math.max(this.#width, ...among.map((name) => cleanText(name).length));
    for (const name of among) this.#made.set(name, this.#make(name));
  }

  /** What goes before a line of a chroot. */
  before(chroot: string): string {
    return this.#isShown ? (this.#made.get(chroot) ?? this.#make(chroot)) : "";
  }

  #make(chroot: string): string {
    const name = `${cleanText(chroot).padEnd(this.#width)} |`;
    const number = [...this.#made.keys()].indexOf(chroot);
    const hue = hues[(number < 0 ? this.#made.size : number) % hues.length];
    return this.#hasColor ? `\u001b[${hue}m${name}\u001b[0m ` : `${name} `;
  }
}
