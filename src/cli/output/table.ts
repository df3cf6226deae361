import { cleanLine } from "../../core/text/clean-text.ts";
import { localTime } from "../format/local-time.ts";
import { colorState } from "../format/state-color.ts";
import type { Terminal } from "../terminal.ts";
import { cutToWidth, textWidth } from "./width.ts";

/** So many rows decide how wide the columns are; a list of any length is printed as it comes. */
const MEASURED_ROWS = 200;
const GAP = "  ";

/** Prints rows for people: aligned as they look, cut to the terminal's width, states in their colours. */
export async function printTable(terminal: Terminal, names: readonly string[], rows: AsyncIterable<unknown[]>): Promise<void> {
  const heading = names.map((name) => name.toUpperCase().replaceAll("_", " "));
  const measured: string[][] = [];
  let widths: number[] | undefined;
  const print = (cells: readonly string[]): void => terminal.out(line(terminal, names, cells, widths as number[]));
  const begin = (): void => {
    widths = columnWidths([heading, ...measured]);
    for (const cells of [heading, ...measured]) print(cells);
  };
  for await (const row of rows) {
    const cells = row.map((value, at) => cell(names[at] as string, value));
    if (widths !== undefined) print(cells);
    else if (measured.push(cells) === MEASURED_ROWS) begin();
  }
  if (widths === undefined) begin();
}

function line(terminal: Terminal, names: readonly string[], cells: readonly string[], widths: readonly number[]): string {
  let room = terminal.columns ?? Number.POSITIVE_INFINITY;
  const shown: string[] = [];
  for (const [at, text] of cells.entries()) {
    const isLast = at === cells.length - 1;
    const fitting = cutToWidth(text, room);
    // A cell that is longer than all that were measured moves those behind it: it is not cut where there is room.
    const wanted = Math.max(widths[at] as number, textWidth(fitting)) + GAP.length;
    const padding = isLast ? "" : " ".repeat(Math.max(0, Math.min(room, wanted) - textWidth(fitting)));
    shown.push(names[at] === "state" && terminal.hasColor ? colorState(fitting, true) + padding : fitting + padding);
    room -= textWidth(fitting) + padding.length;
  }
  return `${shown.join("").trimEnd()}\n`;
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] as readonly string[]).map((_, at) => Math.max(...rows.map((cells) => textWidth(cells[at] as string))));
}

/** A value in a few words and on one line. */
function cell(name: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "-";
  if (name.endsWith("_on") && typeof value === "number") return localTime(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "-" : cleanLine(value.map((item) => cell("", item)).join(separatorOf(value)));
  if (typeof value === "object") return objectCell(value);
  return cleanLine(typeof value === "string" ? value : JSON.stringify(value));
}

/** Words stand beside one another; what consists of several does not. */
function separatorOf(values: readonly unknown[]): string {
  return values.some((value) => typeof value === "object" && value !== null) ? ", " : " ";
}

/** What is in some state by its name and that, anything else by all its fields. */
function objectCell(value: object): string {
  const { name, chroot = name, state } = value as Readonly<Record<string, unknown>>;
  if (typeof chroot === "string" && typeof state === "string") return cleanLine(`${chroot} ${state}`);
  const fields = Object.entries(value).map(([key, item]) => `${key}=${cell(key, item)}`);
  return fields.length === 0 ? "-" : cleanLine(fields.join(" "));
}
