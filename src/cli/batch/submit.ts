import { type Build, checkBeforeBuild } from "../../core/api/index.ts";
import { Journal } from "../../core/batch/journal.ts";
import { buildsById } from "../../core/builds/builds-by-id.ts";
import { patient } from "../../core/http/patient.ts";
import type { BatchOptions } from "../commands/build-batch.ts";
import type { Context } from "../context.ts";
import { isAgreed } from "../many/act-on-many.ts";
import { readBuildOptions } from "../options/build.ts";
import { openItems } from "./items.ts";
import type { BatchOutput, PlannedPackage } from "./output.ts";
import { type BatchPackage, describePlan, planBatch } from "./plan.ts";
import { runBatch } from "./run.ts";
import { BatchWait } from "./wait.ts";

interface BatchCall {
  /** The project, as typed. */
  name: string;
  packages: readonly string[];
  options: BatchOptions;
}

/** Puts packages in order, tells it, and submits them. Throws BuildError as a watch does. */
export async function submitBatch(context: Context, output: BatchOutput, { name, packages, options }: BatchCall): Promise<void> {
  const transport = patient(await context.authenticated());
  const target = await context.buildTarget(name);
  const { afterBuildId, ...settings } = options;
  const buildOptions = readBuildOptions(settings, context.terminal);
  const signal = context.interrupted;
  const waves = await planBatch(transport, packages, { ...target, chroots: options.chroot, signal });
  const all = waves.flat();
  const project = `${target.ownername}/${target.project_dirname}`;
  const items = all.map((one) => ({ name: one.name, source: one.read.location }));
  const journal = await Journal.open({ coprUrl: transport.coprUrl, project, items });
  try {
    const wait = new BatchWait(context, output, { ...options, coprUrl: transport.coprUrl });
    if (options.resume) for (const build of await takeBuilds(journal, all, { transport, target })) wait.made(build);
    await tellPlan(output, project, waves, options);
    if (options.dryRun) return;
    const left = all.filter(({ build }) => build === null);
    if (left.length > 0) {
      tellJournal(output, journal, options);
      if (left.length > 1 && !options.yes && !(await isAgreed(context, `Submit ${left.length} builds to ${project}`, left.length))) return;
      if (!options.resume) await journal.clear();
      await checkBeforeBuild(transport, { ...target, ...buildOptions });
    }
    const { retry = 0, stopOnFailure = false } = options;
    const after = afterBuildId === undefined ? undefined : Number(afterBuildId);
    const ready = await openItems({ context, transport, target, note: output.note });
    try {
      for (const one of left) await ready.item(one);
      await runBatch(
        { context, transport, output, target, options: buildOptions, journal, ready, wait, after, retry, stopOnFailure },
        waves,
      );
      await journal.finish();
    } finally {
      wait.end();
      await ready.remove();
    }
  } finally {
    await journal.close();
  }
}

/** What an earlier run submitted stays, but for what failed, was canceled or deleted since, or has changed. */
async function takeBuilds(
  journal: Journal,
  packages: readonly BatchPackage[],
  {
    transport,
    target: { ownername, projectname },
  }: { transport: Parameters<typeof buildsById>[0]; target: { ownername: string; projectname: string } },
): Promise<Build[]> {
  const builds = await buildsById(transport, { ownername, projectname }, journal.builds);
  return packages.flatMap((one) => {
    const build = builds.get(journal.lastAttempt(one.name, one.read.digest)?.build ?? 0);
    if (build === undefined || build.state === "failed" || build.state === "canceled") return [];
    one.build = build.id;
    return [build];
  });
}

async function tellPlan(
  output: BatchOutput,
  project: string,
  waves: readonly BatchPackage[][],
  { dryRun = false }: BatchOptions,
): Promise<void> {
  const planned = waves.flat().map(({ name, wave, source, needs, build }): PlannedPackage => ({ name, wave, source, needs, build }));
  if (!output.isData) return output.note(describePlan(project, waves));
  if (output.format === "jsonl") for (const one of planned) await output.record({ event: "planned", ...one });
  else if (dryRun) output.document("packages", planned);
}

function tellJournal(output: BatchOutput, journal: Journal, { resume = false }: BatchOptions): void {
  if (!resume && journal.size > 0 && !journal.isFinished) {
    output.note("An earlier run of this batch was interrupted, and is not gone on with: --resume would do that.\n");
  }
}
