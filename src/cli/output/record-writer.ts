import { cleanText } from "../../core/text/clean-text.ts";
import { guardedJson } from "../ci/command-guard.ts";
import { lineJson, pythonJson } from "../format/python-json.ts";
import { pythonText } from "../format/python-text.ts";
import type { Terminal } from "../terminal.ts";
import type { Format } from "./formats.ts";
import { fieldsOf, type Shape } from "./shape.ts";

/** A field with its value, in the order in which it is to be printed. One may come twice: it is the user's choice. */
type Pair = readonly [name: string, value: unknown];

/** Turns records into text, rows, a table, JSON or lines of JSON. */
export class RecordWriter<T extends object> {
  readonly #terminal: Terminal;
  readonly #shape: Shape<T>;
  readonly #format: Format;
  readonly #chosen: readonly string[] | undefined;

  constructor(terminal: Terminal, shape: Shape<T>, format: Format, chosen: readonly string[] | undefined) {
    this.#terminal = terminal;
    this.#shape = shape;
    this.#format = format;
    this.#chosen = chosen;
  }

  /** One record that stands for itself. */
  async single(record: T): Promise<void> {
    if (this.#format === "table") await this.#table([record]);
    else this.#terminal.out(this.#write(record));
  }

  /** Records as they come, none of which is kept. */
  async list(records: AsyncIterable<T> | Iterable<T>): Promise<void> {
    if (this.#format === "table") return this.#table(records);
    const { before, between, after, empty } = this.#separators();
    let isFirst = true;
    for await (const record of records) {
      const text = this.#write(record);
      this.#terminal.out(`${isFirst ? before : between}${this.#format === "json" ? text.replace(/^(?=.)/gm, "    ") : text}`);
      isFirst = false;
    }
    this.#terminal.out(isFirst ? empty : after);
  }

  /** A JSON document whose one field is a list. */
  document(name: string, records: readonly T[]): void {
    this.#terminal.out(this.#json(`${pythonJson({ [name]: records.map((record) => this.#data(record)) })}\n`));
  }

  async #table(records: AsyncIterable<T> | Iterable<T>): Promise<void> {
    const { printTable } = await import("./table.ts");
    const names = this.#chosen ?? fieldsOf(this.#shape, "shown");
    await printTable(this.#terminal, names, rowsOf(records, names));
  }

  #separators(): { before: string; between: string; after: string; empty: string } {
    if (this.#format === "json") return { before: "[\n", between: "    ,\n", after: "]\n", empty: "[]\n" };
    const hasOwnText = this.#shape.text !== undefined && this.#chosen === undefined;
    return { before: "", between: this.#format === "text" && !hasOwnText ? "\n" : "", after: "", empty: "" };
  }

  #write(record: T): string {
    if (this.#format === "json") return this.#json(`${pythonJson(this.#data(record))}\n`);
    if (this.#format === "jsonl") return this.#json(`${lineJson(this.#data(record))}\n`);
    if (this.#format === "text" && this.#chosen === undefined && this.#shape.text) {
      return this.#shape.text(record, this.#terminal.hasColor);
    }
    const pairs = this.#pairs(record);
    if (this.#format === "text-row") return cleanText(`${pairs.map(([, value]) => pythonText(value)).join("\t")}\n`);
    return cleanText(pairs.map(([name, value]) => `${name}: ${pythonText(value)}\n`).join(""));
  }

  /** Where text must be no command, JSON keeps its meaning. */
  #json(text: string): string {
    return this.#terminal.isGuarded ? guardedJson(text) : text;
  }

  /** Fields an answer lacks (undefined) are left out, as upstream does. */
  #pairs(record: T): Pair[] {
    const values = record as Readonly<Record<string, unknown>>;
    const names = this.#chosen ?? fieldsOf(this.#shape, "shown");
    return names.map((name): Pair => [name, values[name]]).filter(([, value]) => value !== undefined);
  }

  #data(record: T): object {
    return this.#chosen === undefined && !this.#shape.isFixed ? record : Object.fromEntries(this.#pairs(record));
  }
}

async function* rowsOf<T extends object>(records: AsyncIterable<T> | Iterable<T>, names: readonly string[]): AsyncIterable<unknown[]> {
  for await (const record of records) {
    const values = record as Readonly<Record<string, unknown>>;
    yield names.map((name) => values[name]);
  }
}
