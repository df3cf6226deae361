import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { SrpmTask } from "../../core/task/build-task.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { TaskError } from "../errors.ts";
import { publishForeignSrpm } from "../results/foreign-srpm.ts";
import { findInside } from "../sources/repository-paths.ts";
import { withLimit } from "../sources/script-limit.ts";
import { checkScriptOutput, scriptVariables } from "../sources/script-output.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { BuildInput, MakeInput, ScriptInput } from "./buildroot.ts";

/** Runs a clone's `.copr/Makefile` on this machine. */
export async function makeSrpmOnHost(context: TaskContext, { clone, directory, spec }: MakeInput): Promise<void> {
  const output = join(context.workDirectory, "make-output");
  await ensureDirectory(output);
  const argv = ["make", "-f", join(clone, ".copr", "Makefile"), "srpm", `outdir=${output}`, `spec=${spec}`];
  const status = await context.run(argv, { cwd: directory });
  if (status !== 0) throw new TaskError(`The source package could not be made: make ended with ${status}`);
  await publishForeignSrpm(context, output);
}

/** Runs a script on this machine in a directory of its own; resolves to what it has left there. */
export async function runScriptOnHost(context: TaskContext, task: SrpmTask, { source, script, payload }: ScriptInput): Promise<BuildInput> {
  const directory = join(context.workDirectory, "script-work");
  await ensureDirectory(directory);
  if (payload !== undefined) await copyFile(payload, join(directory, "hook_payload"));
  const results = join(directory, source.resultdir ?? "");
  if (source.builddeps && source.builddeps.length > 0) {
    context.log.say(`Not installed, because this is no chroot: ${[source.builddeps].flat().join(" ")}`);
  }
  const variables = Object.fromEntries([...scriptVariables(task), ["COPR_RESULTDIR", results]]);
  await withLimit(source.timeout, async (deadline) => {
    // A shell also runs scripts that do not say who is to run them.
    const status = await context.run(["/bin/sh", "-c", '"$0"', script], { cwd: directory, variables, deadline });
    if (status !== 0) throw new TaskError(`Build failed: the script ended with ${status}`);
  });
  const found = await findInside(directory, source.resultdir ?? "");
  if (found === undefined) throw new TaskError(`The script has left no directory '${source.resultdir}'`);
  return checkScriptOutput(found);
}
