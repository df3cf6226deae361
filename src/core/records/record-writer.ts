import { cleanText } from "../text/clean-text.ts";
import { isInOrder, lineJson, pythonJson } from "./python-json.ts";
import { pythonText } from "./python-text.ts";
import type { Format } from "./formats.ts";
import { fieldsOf, type Shape } from "./shape.ts";

/** A field with its value, in the order in which it is to be printed. One may come twice: it is the user's choice. */
type Pair = readonly [name: string, value: unknown];

/** Where records are written to. */
export interface RecordSink {
  out(text: string): void;
  readonly hasColor: boolean;
}

/** How a program writes JSON that people may look at, too. */
export interface JsonStyle {
  write(value: unknown): string;
  /** Before each line of a value that is in a list. */
  indent: string;
  /** Between two values of a list. */
  between: string;
}

/** As upstream's client writes it. */
const pythonStyle: JsonStyle = { write: pythonJson, indent: "    ", between: "\n    ,\n" };

/** What a program brings to the writing of records. */
export interface RecordManners {
  json?: JsonStyle;
  /** Keys of a document are sorted, whatever was chosen: upstream's command does so. */
  isSorted?: boolean;
  /** What becomes of JSON before it is printed, e.g. where a log is read for commands. */
  protect?: (json: string) => string;
  /** Needed where records may become a table. */
  printTable?: (names: readonly string[], rows: AsyncIterable<unknown[]>) => Promise<void>;
}

/** A list that is being written. */
export interface RecordList<T> {
  add(record: T): void;
  end(): void;
  /** Ends a list that something broke off: what was told of it stays a document. Nothing is told of one that had not begun. */
  breakOff(): void;
}

/** Turns records into text, rows, a table, JSON or lines of JSON. */
export class RecordWriter<T extends object> {
  readonly #sink: RecordSink;
  readonly #shape: Shape<T>;
  readonly #format: Format;
  readonly #chosen: readonly string[] | undefined;
  readonly #json: JsonStyle;
  readonly #isSorted: boolean;
  readonly #protect: (json: string) => string;
  readonly #printTable: RecordManners["printTable"];

  constructor(
    sink: RecordSink,
    shape: Shape<T>,
    format: Format,
    chosen: readonly string[] | undefined,
    { json = pythonStyle, isSorted = false, protect = (text) => text, printTable }: RecordManners = {},
  ) {
    this.#sink = sink;
    this.#shape = shape;
    this.#format = format;
    this.#chosen = chosen;
    this.#json = json;
    this.#isSorted = isSorted;
    this.#protect = protect;
    this.#printTable = printTable;
  }

  /** One record that stands for itself. */
  async single(record: T): Promise<void> {
    if (this.#format === "table") await this.#table([record]);
    else this.#sink.out(this.#write(record));
  }

  /** Records as they come, none of which is kept. */
  async list(records: AsyncIterable<T> | Iterable<T>): Promise<void> {
    if (this.#format === "table") return this.#table(records);
    const list = this.begin();
    try {
      for await (const record of records) list.add(record);
    } catch (error) {
      list.breakOff();
      throw error;
    }
    list.end();
  }

  /** Begins a list of records that somebody else brings; no table. */
  begin(): RecordList<T> {
    const { before, between, after, empty } = this.#separators();
    const isDocument = this.#format === "json";
    let isFirst = true;
    return {
      add: (record) => {
        const text = this.#write(record);
        const item = isDocument ? text.replace(/\n$/, "").replace(/^(?=.)/gm, this.#json.indent) : text;
        this.#sink.out(`${isFirst ? before : between}${item}`);
        isFirst = false;
      },
      end: () => this.#sink.out(isFirst ? empty : after),
      breakOff: () => {
        if (!isFirst) this.#sink.out(after);
      },
    };
  }

  /** A JSON document with a list, which is its only field but for those of `head`. */
  document(name: string, records: readonly T[], head: object = {}): void {
    this.#sink.out(this.#protect(`${this.#json.write({ ...head, [name]: records.map((record) => this.#data(record)) })}\n`));
  }

  async #table(records: AsyncIterable<T> | Iterable<T>): Promise<void> {
    const names = this.#chosen ?? fieldsOf(this.#shape, "shown");
    await this.#printTable?.(names, rowsOf(records, names));
  }

  #separators(): { before: string; between: string; after: string; empty: string } {
    if (this.#format === "json") return { before: "[\n", between: this.#json.between, after: "\n]\n", empty: "[]\n" };
    const hasOwnText = this.#shape.text !== undefined && this.#chosen === undefined;
    return { before: "", between: this.#format === "text" && !hasOwnText ? "\n" : "", after: "", empty: "" };
  }

  #write(record: T): string {
    if (this.#format === "json") return this.#protect(`${this.#json.write(this.#data(record))}\n`);
    if (this.#format === "jsonl") return this.#protect(`${lineJson(this.#data(record))}\n`);
    if (this.#format === "text" && this.#chosen === undefined && this.#shape.text) {
      return this.#shape.text(record, this.#sink.hasColor);
    }
    const pairs = this.#pairs(record);
    if (this.#format === "text-row") return cleanText(`${pairs.map(([, value]) => cellText(value)).join("\t")}\n`);
    return cleanText(pairs.map(([name, value]) => `${name}: ${pythonText(value)}\n`).join(""));
  }

  /** Fields an answer lacks (undefined) are left out, as upstream does. */
  #pairs(record: T): Pair[] {
    const values = record as Readonly<Record<string, unknown>>;
    const names = this.#chosen ?? fieldsOf(this.#shape, "shown");
    return names.map((name): Pair => [name, values[name]]).filter(([, value]) => value !== undefined);
  }

  #data(record: T): object {
    if (this.#chosen === undefined && !this.#shape.isFixed) return record;
    const data = Object.fromEntries(this.#pairs(record));
    return this.#chosen === undefined || this.#isSorted ? data : Object.assign(data, { [isInOrder]: true });
  }
}

/** What ends a line or a cell can't be in one: a description of several lines would be rows of its own. */
function cellText(value: unknown): string {
  return pythonText(value).replaceAll(/[\t\n\r]+/g, " ");
}

async function* rowsOf<T extends object>(records: AsyncIterable<T> | Iterable<T>, names: readonly string[]): AsyncIterable<unknown[]> {
  for await (const record of records) {
    const values = record as Readonly<Record<string, unknown>>;
    yield names.map((name) => values[name]);
  }
}
