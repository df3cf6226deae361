import type { Change } from "../../core/project-file/change.ts";
import { type DifferenceLine, differenceLines } from "../../core/project-file/difference-lines.ts";
import type { ProjectPlan } from "../../core/project-file/plan-project.ts";
import { cleanText } from "../../core/text/clean-text.ts";

/** A plan for a person, in the style of `git diff`. */
export function planText(plan: ProjectPlan, path: string, hasColor: boolean): string {
  const { project, exists, changes, permissionsRefusal } = plan;
  const paint = (text: string, kind: string): string => painted(cleanText(text), hasColor ? colors[kind] : undefined);
  const head = [exists ? `--- ${project}` : "--- (no project yet)", `+++ ${path}`].map((line) => paint(line, "bold"));
  const lines = differenceLines(changes).map((line) => paint(wordingOf(line), line.sign));
  const notes = permissionsRefusal === undefined ? [] : [`The permissions are not known: ${cleanText(permissionsRefusal)}`];
  return [...(lines.length === 0 ? [] : [...head, ...lines, ""]), ...notes, cleanText(summary(plan))].map((line) => `${line}\n`).join("");
}

function wordingOf({ sign, text }: DifferenceLine): string {
  if (sign === "@") return `@@ ${text} @@`;
  return sign === "!" ? `! this can't be done: ${text}` : `${sign}${text}`;
}

/** As git colours them. */
const colors: Readonly<Record<string, number>> = { "@": 36, "-": 31, "+": 32, "?": 33, "!": 31, bold: 1 };

function painted(text: string, color: number | undefined): string {
  return color === undefined ? text : `\u001b[${color}m${text}\u001b[0m`;
}

function summary({ project, changes }: ProjectPlan): string {
  const count = (action: Change["action"]): number => changes.filter((change) => change.action === action).length;
  const parts = [
    [count("create"), "to create"],
    [count("change"), "to change"],
    [count("delete"), "to delete"],
  ].filter(([number]) => number !== 0);
  const unknown = count("set");
  const untold = unknown === 0 ? "" : ` ${unknown} ${unknown === 1 ? "value is" : "values are"} not known (?), and would be sent.`;
  const all = parts.map(([number, what]) => `${number} ${what}`).join(", ");
  return parts.length === 0 ? `Nothing differs in ${project}.${untold}` : `${project}: ${all}.${untold}`;
}
