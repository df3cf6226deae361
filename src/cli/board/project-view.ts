import { type BoardCell, type BoardRow, hasFailed } from "../../core/builds/project-board.ts";
import { cleanLine, cleanText } from "../../core/text/clean-text.ts";
import { cutToWidth, textWidth } from "../output/width.ts";
import type { PressedKey } from "./full-screen.ts";
import { countFailed, type GridLayout, type GridMeasure, gridOf, measureGrid } from "./grid.ts";
import type { ScreenLine } from "./screen.ts";

/** What a key asks for that the view itself can't do. */
export type ViewWish = { kind: "quit" } | { kind: "build" | "log"; cell: BoardCell };

/** What is looked at of a project's packages: which of them, from where on, and which is chosen. */
export class ProjectView {
  #rows: readonly BoardRow[] = [];
  #total = 0;
  #search = "";
  #isTyping = false;
  #failedOnly = false;
  #row = 0;
  #column = 0;
  /** The chroot of that column. */
  #marked: string | undefined;
  #top = 0;
  /** A page over the packages: a build, or a log. */
  #page: readonly string[] | undefined;
  #pageTop = 0;
  /** The packages that are shown, as long as neither they nor what is looked for change. */
  #found: { rows: readonly BoardRow[]; key: string; found: BoardRow[] } | undefined;
  /** The room they need, as long as they and the second stay. */
  #measure: { rows: readonly BoardRow[]; now: number; measure: GridMeasure } | undefined;

  /** @param total how many packages there are, with those that are not shown */
  update(rows: readonly BoardRow[], total = rows.length): void {
    this.#rows = rows;
    this.#total = total;
  }

  /** Shows lines of text, whoever wrote them, instead of the packages, until a key is pressed. */
  open(page: readonly string[], isAtEnd = false): void {
    this.#page = page.map(cleanText);
    this.#pageTop = isAtEnd ? Number.MAX_SAFE_INTEGER : 0;
  }

  /** Does what a key means; what is left to others is answered. */
  press({ name, text }: PressedKey, pageRows: number): ViewWish | undefined {
    if (name === "interrupt") return { kind: "quit" };
    if (this.#page) this.#pressOnPage(name, pageRows);
    else if (this.#isTyping) this.#type(name, text);
    else return this.#pressOnPackages(name, text, pageRows);
    return undefined;
  }

  #pressOnPackages(name: string, text: string, pageRows: number): ViewWish | undefined {
    const moves: Readonly<Record<string, () => void>> = {
      up: () => (this.#row -= 1),
      down: () => (this.#row += 1),
      k: () => (this.#row -= 1),
      j: () => (this.#row += 1),
      left: () => (this.#column -= 1),
      right: () => (this.#column += 1),
      pageup: () => (this.#row -= pageRows),
      pagedown: () => (this.#row += pageRows),
      home: () => (this.#row = 0),
      end: () => (this.#row = Number.MAX_SAFE_INTEGER),
      "/": () => (this.#isTyping = true),
      f: () => (this.#failedOnly = !this.#failedOnly),
      escape: () => (this.#search = ""),
    };
    if (name === "q") return { kind: "quit" };
    if (name === "return" || name === "l") {
      const cell = this.#chosen();
      return cell && { kind: name === "l" ? "log" : "build", cell };
    }
    (moves[name] ?? moves[text])?.();
    return undefined;
  }

  /** The whole screen. `heading` stands in the first line. */
  lines(heading: string, rows: number, layout: GridLayout & { columns: number }): ScreenLine[] {
    if (this.#page) return this.#pageLines(this.#page, rows, layout.columns);
    const visible = this.#visible();
    const measure = this.#measured(visible, layout.now);
    // Before it was known how many columns there are, the chosen one may have been behind them.
    this.#column = Math.max(0, Math.min(this.#column, measure.chroots.length - 1));
    const grid = gridOf(visible, { ...layout, column: this.#column }, measure);
    this.#row = Math.max(0, Math.min(this.#row, visible.length - 1));
    const room = Math.max(1, rows - 3);
    this.#top = Math.max(Math.min(this.#top, this.#row), this.#row - room + 1);
    this.#marked = grid.chroots[this.#column];
    const shown = visible
      .slice(this.#top, this.#top + room)
      .map((row, at) => grid.line(row, this.#top + at === this.#row ? this.#marked : undefined));
    const padding = Array.from({ length: room - shown.length }, () => line(""));
    const lines = [
      line(cutToWidth(`${cleanLine(heading)}  ${countFailed(this.#rows, this.#total)}`, layout.columns)),
      grid.heading,
      ...shown,
      ...padding,
    ];
    return [...lines.slice(0, rows - 1), line(cutToWidth(this.#footer(visible.length, layout.columns), layout.columns))];
  }

  #visible(): BoardRow[] {
    const key = `${this.#failedOnly} ${this.#search}`;
    if (this.#found?.rows !== this.#rows || this.#found.key !== key) {
      const wanted = this.#search.toLowerCase();
      const found = this.#rows.filter((row) => row.name.toLowerCase().includes(wanted) && (!this.#failedOnly || hasFailed(row)));
      this.#found = { rows: this.#rows, key, found };
    }
    return this.#found.found;
  }

  /** A key that is held must not cost a look at each of thousands of cells. */
  #measured(rows: readonly BoardRow[], now: number): GridMeasure {
    if (this.#measure?.rows !== rows || this.#measure.now !== now) this.#measure = { rows, now, measure: measureGrid(rows, { now }) };
    return this.#measure.measure;
  }

  #chosen(): BoardCell | undefined {
    return this.#visible()[this.#row]?.chroots.find(({ chroot }) => chroot === this.#marked);
  }

  /** Where there is no room for all keys, the one that ends it stays. */
  #footer(count: number, columns: number): string {
    if (this.#isTyping) return `/${this.#search}`;
    const filters = [this.#search === "" ? "" : `"${this.#search}"`, this.#failedOnly ? "failed only" : ""].filter(Boolean);
    const filter = filters.length === 0 ? "" : `${filters.join(", ")}: ${count}   `;
    const keys = ["arrows move", "/ search", "f failed only", "Enter build", "l log"];
    const text = (): string => `${filter}${[...keys, "q quit"].join("   ")}`;
    while (keys.length > 0 && textWidth(text()) > columns) keys.pop();
    return text();
  }

  #type(name: string, text: string): void {
    if (name === "return" || name === "enter") this.#isTyping = false;
    else if (name === "escape") {
      this.#isTyping = false;
      this.#search = "";
    } else if (name === "backspace") this.#search = this.#search.slice(0, -1);
    else this.#search += text;
    this.#row = 0;
  }

  #pressOnPage(name: string, pageRows: number): void {
    const steps: Readonly<Record<string, number>> = {
      up: -1,
      down: 1,
      pageup: -pageRows,
      pagedown: pageRows,
      k: -1,
      j: 1,
      space: pageRows,
    };
    if (name === "home") this.#pageTop = 0;
    else if (name === "end") this.#pageTop = Number.MAX_SAFE_INTEGER;
    else if (steps[name] === undefined) this.#page = undefined;
    else this.#pageTop += steps[name];
  }

  #pageLines(page: readonly string[], rows: number, columns: number): ScreenLine[] {
    this.#pageTop = Math.max(0, Math.min(this.#pageTop, page.length - (rows - 1)));
    const shown = page.slice(this.#pageTop, this.#pageTop + rows - 1).map((text) => line(cutToWidth(text, columns)));
    const padding = Array.from({ length: rows - 1 - shown.length }, () => line(""));
    return [...shown, ...padding, line(cutToWidth("arrows scroll   any other key goes back", columns))];
  }
}

function line(text: string): ScreenLine {
  return { plain: text, colored: text };
}
