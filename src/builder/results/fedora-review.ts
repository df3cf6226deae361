import { copyFile, link, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RpmTask } from "../../core/task/build-task.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { findProgram } from "../../core/process/find-program.ts";
import { publishFile } from "./results.ts";
import type { TaskContext } from "../task/task-context.ts";

/** What reviewers read; everything else it leaves is for itself. */
const reviewFiles = ["review.txt", "review.json", "licensecheck.txt", "rpmlint.txt", "files.dir", "diff.txt"];

/** Whether the project wants its builds of this chroot reviewed; the tool knows Fedora's rules only. */
export function wantsFedoraReview(task: RpmTask): boolean {
  return task.fedora_review === true && task.chroot.startsWith("fedora-");
}

/**
 * Runs fedora-review on what was built and puts its findings into `fedora-review/` of the results. A review that
 * fails is told in the log, but is no failure of the build. Works on links in a directory of its own, because the
 * tool writes beside the packages and names a directory after the package (security: C23).
 */
export async function reviewPackages(context: TaskContext, packageName: string, mockConfig: string): Promise<void> {
  const { log, results, workDirectory, environment } = context;
  log.say("Running FedoraReview tool");
  if (!(await findProgram("fedora-review", environment["PATH"]))) {
    log.say("Fedora review failed: the program 'fedora-review' is not installed\n" + NO_HARM);
    return;
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(packageName)) {
    log.say(`Fedora review failed: ${JSON.stringify(packageName)} is not the name of a package\n${NO_HARM}`);
    return;
  }
  const directory = join(workDirectory, "fedora-review");
  const cache = join(workDirectory, "fedora-review-cache");
  for (const path of [directory, cache]) await ensureDirectory(path);
  for (const name of (await readdir(results)).filter((one) => /\.(rpm|spec)$/.test(one))) {
    await link(join(results, name), join(directory, name)).catch(() => copyFile(join(results, name), join(directory, name)));
  }
  const argv = ["fedora-review", "--no-colors", "--prebuilt", "--rpm-spec", "--name", packageName, "--mock-config", mockConfig];
  const status = await context.run(argv, { cwd: directory, variables: { XDG_CACHE_HOME: cache } });
  if (status !== 0) log.say(`Fedora review failed: fedora-review ended with ${status}\n${NO_HARM}`);
  const target = join(results, "fedora-review");
  await ensureDirectory(target);
  await publishFile(join(cache, "fedora-review.log"), target, "fedora-review.log");
  for (const name of reviewFiles) await publishFile(join(directory, packageName, name), target, name);
  // A package in the results has one name only, or it would not be published.
  await removeTree(directory);
  log.say("FedoraReview finished");
}

const NO_HARM = "The build itself will not be marked as failed because of this";
