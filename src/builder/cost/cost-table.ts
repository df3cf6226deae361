import { bytesText, secondsText } from "./amounts.ts";
import type { TaskCost, Usage } from "./task-cost.ts";

const HEAD = ["Cost", "time", "CPU", "memory", "written", "largest at the peak"];
/** More names would make the line long. */
const NAMED = 3;

/** A table of what a task has cost, for its log and for `copr-builder status`. Each line is one of the text. */
export function costTable(cost: TaskCost): string {
  const phases = Object.entries(cost.phases).map(([name, usage]) => rowOf(name, usage));
  const all = [...rowOf("all", cost).slice(0, HEAD.length - 1), sourceOf(cost)];
  const rows = [HEAD, ...phases, all];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => line(row, widths)).join("\n");
}

function rowOf(name: string, { wall_seconds, cpu_seconds, peak_memory, written, largest }: Usage): string[] {
  const names = largest.slice(0, NAMED).map((one) => `${one.name} ${bytesText(one.memory)}`);
  const memory = peak_memory === null ? "-" : bytesText(peak_memory);
  return [name, secondsText(wall_seconds), secondsText(cpu_seconds), memory, bytesText(written), names.join(", ")];
}

function sourceOf({ by }: TaskCost): string {
  const { cpu_seconds: time, peak_memory: memory } = by;
  return time === memory ? `(by ${time})` : `(CPU by ${time}, memory by ${memory})`;
}

/** Names to the left, numbers to the right, and what is long at the end. */
function line(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => {
    if (column === 0) return cell.padEnd(widths[0] ?? 0);
    return column === HEAD.length - 1 ? cell : cell.padStart(widths[column] ?? 0);
  });
  return cells.join("  ").trimEnd();
}
