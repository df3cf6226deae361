import { basename, dirname, join, resolve } from "node:path";
import { ensureDirectory, exists } from "../../core/files/directories.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { findProgram } from "../../core/process/find-program.ts";
import type { DistGitCheckout } from "./dist-git-checkout.ts";
import { TaskError } from "../errors.ts";
import { retryGit } from "./git-retries.ts";
import type { TaskContext } from "../task/task-context.ts";

const MAX_SPEC_BYTES = 10 * 1024 ** 2;

/**
 * Lets rpmautospec write the release and changelog that a spec file leaves to it, from the history of the clone.
 * Resolves to the checkout with the spec file to build; where the tool is missing, the chroot's macros have to do.
 */
export async function expandAutospec(context: TaskContext, checkout: DistGitCheckout): Promise<DistGitCheckout> {
  const { log, workDirectory, environment } = context;
  const text = (await readRegularFile(checkout.spec, { maxBytes: MAX_SPEC_BYTES, label: "spec file" })).toString("latin1");
  if (!/^[^#\n]*%(\{[?!]*)?(autorelease|autochangelog)\b/m.test(text)) return checkout;
  if (!(await findProgram("rpmautospec", environment["PATH"]))) {
    log.say(
      "The spec file uses rpmautospec, which is not installed on this builder: its release and changelog are not made from the history.",
    );
    return checkout;
  }
  const clone = dirname(checkout.spec);
  await completeHistory(context, clone);
  const directory = join(workDirectory, "autospec");
  await ensureDirectory(directory);
  const spec = join(directory, basename(checkout.spec));
  const status = await context.run(["rpmautospec", "process-distgit", checkout.spec, spec], { cwd: clone });
  if (status !== 0) throw new TaskError(`The release and changelog could not be made: rpmautospec ended with ${status}`);
  return { ...checkout, spec };
}

/** The tool counts commits, so it needs all of them. */
async function completeHistory(context: TaskContext, clone: string): Promise<void> {
  const { stdout } = await context.capture(["git", "rev-parse", "--git-dir"], { cwd: clone });
  if (!(await exists(resolve(clone, stdout.toString().trim(), "shallow")))) return;
  const argv = ["git", "fetch", "--unshallow"];
  await retryGit(context, {
    what: "Cannot fetch the whole history",
    tryOnce: (options) => context.run(argv, { cwd: clone, ...options }),
  });
}
