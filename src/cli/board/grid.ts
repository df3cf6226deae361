import { type BoardCell, type BoardRow, hasFailed } from "../../core/builds/project-board.ts";
import { isFinished } from "../../core/builds/finished-states.ts";
import { cleanLine } from "../../core/text/clean-text.ts";
import { colorState } from "../format/state-color.ts";
import { cutToWidth, fitToWidth, textWidth } from "../output/width.ts";
import type { ScreenLine } from "./screen.ts";
import { stateSign } from "./state-sign.ts";

export interface GridLayout {
  /** Undefined where nothing is to be cut. */
  columns: number | undefined;
  hasColor: boolean;
  isUnicode: boolean;
  /** Epoch seconds. */
  now: number;
  /** Number of the column that must be seen: where there is no room for all, the first ones give way. */
  column?: number;
}

/** Packages below one another, chroots beside one another. */
export interface Grid {
  heading: ScreenLine;
  /** Draws a row; `marked` is the chroot that is chosen in it. */
  line(row: BoardRow, marked?: string): ScreenLine;
  /** The chroots, in the order of the columns. */
  chroots: readonly string[];
}

/** How wide a column of packages grows. */
const MOST_NAME = 40;
const GAP = "  ";

/** What packages need of room, whatever the terminal has: to find that out takes a look at each cell. */
export interface GridMeasure {
  chroots: readonly string[];
  titles: readonly string[];
  nameWidth: number;
  /** Of the columns of chroots. */
  widths: readonly number[];
}

/** Measures packages, each as it is shown now. */
export function measureGrid(rows: readonly BoardRow[], layout: Pick<GridLayout, "now">): GridMeasure {
  const chroots = [...new Set(rows.flatMap((row) => row.chroots.map(({ chroot }) => chroot)))].toSorted(naturally);
  const columns = new Map(chroots.map((chroot, at) => [chroot, at]));
  const titles = shortNames(chroots);
  const widths = titles.map((title) => textWidth(title));
  let nameWidth = 7;
  for (const row of rows) {
    nameWidth = Math.max(nameWidth, textWidth(cleanLine(row.name)));
    for (const cell of row.chroots) {
      const at = columns.get(cell.chroot) as number;
      widths[at] = Math.max(widths[at] as number, SIGN_WIDTH + textWidth(cellWords(cell, layout)));
    }
  }
  return { chroots, titles, nameWidth, widths };
}

/** Lays out packages for a terminal of this width. */
export function gridOf(rows: readonly BoardRow[], layout: GridLayout, measure = measureGrid(rows, layout)): Grid {
  const { chroots, titles, widths } = measure;
  const nameWidth = Math.min(MOST_NAME, Math.floor((layout.columns ?? 2 * MOST_NAME) / 2), measure.nameWidth);
  const first = firstShown(widths, (layout.columns ?? Number.POSITIVE_INFINITY) - nameWidth - 1, layout.column ?? 0);
  const cut = (text: string): string => (layout.columns === undefined ? text.trimEnd() : cutToWidth(text.trimEnd(), layout.columns));
  const heading = cut(
    ` ${" ".repeat(nameWidth)}${titles
      .map((title, at) => GAP + fitToWidth(title, widths[at] as number))
      .slice(first)
      .join("")}`,
  );
  return {
    chroots,
    heading: { plain: heading, colored: heading },
    line(row, marked) {
      const name = ` ${fitToWidth(cleanLine(row.name), nameWidth)}`;
      const parts = chroots.slice(first).map((chroot, at) => {
        const cell = row.chroots.find((one) => one.chroot === chroot);
        const text = fitToWidth(cell === undefined ? "" : cellText(cell, layout), widths[first + at] as number);
        return { text, state: cell?.state, chroot };
      });
      const plain = cut(name + parts.map(({ text }) => GAP + text).join(""));
      if (!layout.hasColor && marked === undefined) return { plain, colored: plain };
      let room = (layout.columns ?? Number.POSITIVE_INFINITY) - textWidth(name);
      const colored = parts.map(({ text, state, chroot }) => {
        const space = room - GAP.length;
        room -= GAP.length + textWidth(text);
        if (space <= 0) return "";
        const shown = cutToWidth(text.trimEnd(), space);
        const padding = " ".repeat(Math.max(0, Math.min(space, textWidth(text)) - textWidth(shown)));
        if (shown === "" || state === undefined) return GAP + (chroot === marked ? invert(" ") : " ").repeat(1) + padding.slice(1);
        const inColor = layout.hasColor ? `${colorOf(state)}${shown}\u001b[0m` : shown;
        return GAP + (chroot === marked ? invert(inColor) : inColor) + padding;
      });
      return { plain, colored: (cutToWidth(name, layout.columns ?? Number.POSITIVE_INFINITY) + colored.join("")).trimEnd() };
    },
  };
}

/** The first of the columns that are shown: as many as there is room for, up to the one that must be seen. */
function firstShown(widths: readonly number[], room: number, column: number): number {
  let first = column;
  for (let used = 0; first >= 0; first -= 1) {
    used += GAP.length + (widths[first] ?? 0);
    if (used > room) break;
  }
  return Math.min(column, first + 1);
}

/** `3 of 42 packages failed`. */
export function countFailed(rows: readonly BoardRow[], total: number): string {
  return `${rows.filter(hasFailed).length} of ${total} packages failed`;
}

/** Each sign takes one column, and a blank follows it. */
const SIGN_WIDTH = 2;

function cellText(cell: BoardCell, layout: GridLayout): string {
  return `${stateSign(cell.state, layout.isUnicode)} ${cellWords(cell, layout)}`;
}

/** What stands behind the sign. */
function cellWords({ state, version, since }: BoardCell, { now }: Pick<GridLayout, "now">): string {
  const age = since === null ? "" : ` ${ageOf(now - since)}`;
  return `${cleanLine(isFinished(state) && version !== null ? version : state)}${age}`;
}

/** In the largest unit that fits: `2h`. */
function ageOf(seconds: number): string {
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "m"],
  ] as const;
  const [size, unit] = units.find(([unitSize]) => seconds >= unitSize) ?? [1, "s"];
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`;
}

/** Without the architecture, where it is the same for all. */
function shortNames(chroots: readonly string[]): string[] {
  const architectures = new Set(chroots.map((chroot) => chroot.replace(/^.*-/, "")));
  return chroots.map((chroot) => cleanLine(architectures.size === 1 ? chroot.replace(/-[^-]*$/, "") : chroot));
}

/** fedora-9 before fedora-43. */
function naturally(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

function colorOf(state: string): string {
  return colorState(state, true).replace(/m.*$/s, "m");
}

function invert(text: string): string {
  return `\u001b[7m${text}\u001b[27m`;
}
