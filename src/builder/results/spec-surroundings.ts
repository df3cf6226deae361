import { machine } from "node:os";
import { join } from "node:path";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { maxSpecBytes } from "../../core/packaging/packed-spec.ts";
import { logicalLines } from "../../core/packaging/spec-evaluator/logical-lines.ts";
import { machineMacros } from "../../core/packaging/spec-evaluator/machine-macros.ts";
import type { SrpmTask } from "../../core/task/build-task.ts";
import { literalMacro, macrosOf } from "../task/macros.ts";
import type { TaskContext } from "../task/task-context.ts";

/** The beginning of a published spec file, which holds its preamble, in logical lines. Only what is ASCII counts, so no other encoding is an error. */
export async function readSpecLines(results: string, specName: string): Promise<readonly string[]> {
  const content = await readRegularFile(join(results, specName), { maxBytes: maxSpecBytes, label: "spec file" });
  return logicalLines(content.toString("latin1", 0, MAX_PREAMBLE_BYTES));
}

const MAX_PREAMBLE_BYTES = 1024 * 1024;

/** Spec files may ask whether they are built on Copr, and whose build it is. */
export function taskMacros({ settings }: TaskContext, task: SrpmTask): [string, string][] {
  const told = macrosOf(task, settings).filter(([name]) => /^%(copr_|vendor$|buildtag$)/.test(name));
  return [
    ...Object.entries(machineMacros(machine())),
    ...told.map(([name, value]): [string, string] => [name.slice(1), literalMacro(value)]),
  ];
}
