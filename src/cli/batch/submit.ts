import { type Build, checkBeforeBuild } from "../../core/api/index.ts";
import { Journal } from "../../core/batch/journal.ts";
import { buildsById } from "../../core/builds/builds-by-id.ts";
import { patient } from "../../core/http/patient.ts";
import type { BatchOptions } from "./options.ts";
import type { Context } from "../context.ts";
import { inOrder } from "../interruption.ts";
import { isAgreed } from "../many/act-on-many.ts";
import { readBuildOptions } from "../options/build.ts";
import { openItems } from "./items.ts";
import { mannerOf, refuseOtherManner } from "./manner.ts";
import type { BatchOutput, PlannedPackage } from "./output.ts";
import { type BatchPackage, describePlan, planBatch } from "./plan.ts";
import { type BatchRun, runBatch } from "./run.ts";
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
  const { afterBuildId: after, ...settings } = options;
  const buildOptions = readBuildOptions(settings, context.terminal);
  const signal = context.interrupted;
  const waves = await inOrder(() => planBatch(transport, packages, { ...target, chroots: options.chroot, signal, note: output.note }));
  const all = waves.flat();
  const project = `${target.ownername}/${target.project_dirname}`;
  const items = all.map((one) => ({ name: one.name, source: one.read.location }));
  const identity = { coprUrl: transport.coprUrl, project, items };
  const journal = options.dryRun ? await Journal.look(identity) : await Journal.open(identity);
  try {
    const wait = new BatchWait(context, output, { ...options, coprUrl: transport.coprUrl });
    const manner = mannerOf(options);
    if (options.resume) refuseOtherManner(journal, manner);
    if (options.resume) for (const build of await takeBuilds(journal, all, { transport, target })) wait.made(build);
    await tellPlan(output, project, waves, options);
    if (options.dryRun) return;
    const left = all.filter(({ build }) => build === null);
    if (left.length > 0) {
      tellJournal(output, journal, options);
      if (left.length > 1 && !options.yes && !(await isAgreed(context, `Submit ${left.length} builds to ${project}`, left.length))) return;
      if (!options.resume || journal.size === 0) await journal.clear(manner);
      await checkBeforeBuild(transport, { ...target, ...buildOptions });
    }
    const { retry = 0, stopOnFailure = false } = options;
    const run = { context, transport, output, target, options: buildOptions, journal, wait, after, retry, stopOnFailure };
    await inOrder(() => sendAll(run, waves));
  } finally {
    await journal.close();
  }
}

/** Makes everything ready before the first package is sent, and removes it afterwards. */
async function sendAll(run: Omit<BatchRun, "ready">, waves: readonly BatchPackage[][]): Promise<void> {
  const { context, transport, target, output } = run;
  const ready = await openItems({ context, transport, target, note: output.note });
  try {
    for (const one of waves.flat().filter(({ build }) => build === null)) {
      context.interrupted.throwIfAborted();
      await ready.item(one);
    }
    await runBatch({ ...run, ready }, waves);
    if (!context.interrupted.aborted) await run.journal.finish();
  } finally {
    run.wait.end();
    await ready.remove();
    await run.journal.close();
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
