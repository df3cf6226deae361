import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { RpmTask } from "../../core/task/build-task.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import { reviewPackages, wantsFedoraReview } from "../results/fedora-review.ts";
import type { Buildroot } from "../buildroot/buildroot.ts";
import { type DistGitCheckout, fetchDistGit } from "../sources/dist-git-checkout.ts";
import { TaskError } from "../errors.ts";
import { sweepResults } from "../results/results.ts";
import { queryPackages } from "../results/rpm-query.ts";
import type { TaskContext } from "./task-context.ts";

const MAX_SPEC_BYTES = 10 * 1024 * 1024;

/** Builds the packages of a task in its chroot. */
export async function buildRpm(context: TaskContext, task: RpmTask, buildroot: Buildroot): Promise<void> {
  await context.enter("sources");
  const { directory, spec } =
    context.checkout === undefined
      ? await fetchDistGit(context, task.git_repo, task.git_hash, task.package_name ?? undefined)
      : await gatherCheckout(context, context.checkout);
  const content = await readRegularFile(spec, { maxBytes: MAX_SPEC_BYTES, label: "spec file" });
  await replaceFile(join(context.results, basename(spec)), content);

  const packageName = task.package_name ?? basename(spec, ".spec");
  await buildroot.buildRpms(context, task, { spec, sources: directory }, async (mockConfig) => {
    if (wantsFedoraReview(task)) await reviewPackages(context, packageName, mockConfig);
  });

  await context.enter("collecting");
  await sweepResults(context);
  const files = (await readdir(context.results)).filter((one) => one.endsWith(".rpm")).sort();
  const packages = await queryPackages(
    context,
    files.map((name) => join(context.results, name)),
  );
  if (!packages.some(({ arch }) => arch !== "src")) throw new TaskError("The build made no packages");
  const results = JSON.stringify(
    { packages: packages.map(({ name, epoch, version, release, arch }) => ({ name, epoch, version, release, arch })) },
    null,
    4,
  );
  context.log.say(`Package info:\n${results}`);
  await replaceFile(join(context.results, "results.json"), results);
}

/** Spec file and sources of the user's own checkout, in a directory of the task. */
async function gatherCheckout({ workDirectory, transport, signal, log }: TaskContext, checkout: string): Promise<DistGitCheckout> {
  log.say(`Sources: ${checkout}`);
  const directory = join(workDirectory, "sources");
  await ensureDirectory(directory);
  const { gatherSources } = await import("../../core/packaging/source-package.ts");
  return { directory, spec: await gatherSources({ directory: checkout, transport, signal }, directory) };
}
