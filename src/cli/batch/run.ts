import { type Build, type BuildOptions, type BuildTarget, listBuildChroots } from "../../core/api/index.ts";
import { BatchSubmitter } from "../../core/batch/batch-submitter.ts";
import type { Journal } from "../../core/batch/journal.ts";
import { createdEvent } from "../../core/builds/build-events.ts";
import { buildUrl } from "../../core/builds/build-record.ts";
import { buildsById } from "../../core/builds/builds-by-id.ts";
import { BuildError, CoprError, RequestError } from "../../core/errors.ts";
import type { Transport } from "../../core/http/transport.ts";
import { isAccountRefused } from "../../core/http/refused-account.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { InterruptedError } from "../interruption.ts";
import { noteSeen, seenBuild } from "../seen-builds.ts";
import type { ReadyItems } from "./items.ts";
import type { BatchOutput } from "./output.ts";
import type { BatchPackage } from "./plan.ts";
import type { BatchWait } from "./wait.ts";

/** All that a batch is sent with. */
export interface BatchRun {
  context: Context;
  transport: Transport;
  output: BatchOutput;
  target: BuildTarget & { ownername: string };
  options: BuildOptions;
  journal: Journal;
  ready: ReadyItems;
  wait: BatchWait;
  /** A build that the first wave waits for. */
  after: number | undefined;
  retry: number;
  stopOnFailure: boolean;
}

/**
 * Sends a batch, waits for it, and sends again what failed, as it was told. Throws BuildError unless all ended well, and
 * InterruptedError, which says how far it went, where something is left to do.
 */
export async function runBatch(run: BatchRun, waves: readonly BatchPackage[][]): Promise<void> {
  try {
    await runGroups(run, waves);
  } catch (error) {
    throw run.context.interrupted.aborted ? new InterruptedError(describeRest(run, waves)) : error;
  }
}

async function runGroups(run: BatchRun, waves: readonly BatchPackage[][]): Promise<void> {
  // What is sent wave by wave needs no batches of the frontend.
  const groups = run.stopOnFailure ? waves.map((wave) => [wave]) : [waves];
  for (const [at, group] of groups.entries()) {
    const failure = await runGroup(run, group);
    if (failure === undefined) {
      // Nobody knows how the builds end that were no longer waited for.
      if (at + 1 < groups.length) run.context.interrupted.throwIfAborted();
      continue;
    }
    if (at + 1 === groups.length) throw failure;
    throw new BuildError(`${failure.message} The waves after it were not submitted.`, {
      wasCanceled: failure.wasCanceled,
      hint: "When it is mended, the same command with --resume goes on: it builds what failed or has changed, and the rest.",
    });
  }
}

/** Waves that are sent together; gives what of them failed for good. */
async function runGroup(run: BatchRun, waves: readonly BatchPackage[][]): Promise<BuildError | undefined> {
  await sendWaves(run, waves, new Map());
  for (let left = run.retry; ; left -= 1) {
    const failure = await run.wait.until(waves.flat().map(({ build }) => build as number));
    if (left > 0) run.context.interrupted.throwIfAborted();
    if (failure === undefined || left <= 0) return failure;
    const failed = await failedPackages(run, waves);
    if (failed.size === 0) return failure;
    run.output.note(`Submitting again what failed, ${left} ${left === 1 ? "try" : "tries"} left.\n`);
    const again = waves.map((wave) => wave.filter((one) => failed.has(one)));
    for (const one of again.flat()) one.build = null;
    await sendWaves(run, again, failed);
  }
}

/** How far an interrupted batch went. */
function describeRest({ journal }: BatchRun, waves: readonly BatchPackage[][]): string {
  const all = waves.flat();
  const [open] = journal.underWay;
  const doubt = open === undefined ? "" : `, and finds out whether '${open}' was submitted`;
  return cleanText(
    `${all.filter(({ build }) => build !== null).length} of ${all.length} packages are submitted. The same command with --resume goes on from here${doubt}.`,
  );
}

/** Sends what has no build yet. One that can't be sent does not stop those beside it, but those behind. */
async function sendWaves(
  run: BatchRun,
  waves: readonly BatchPackage[][],
  chroots: ReadonlyMap<BatchPackage, readonly string[] | undefined>,
): Promise<void> {
  const { context, transport, target, journal, after, output } = run;
  const onTrouble = (reason: string): void => output.note(cleanText(`${reason} Looking for the build.\n`));
  const submitter = new BatchSubmitter(transport, {
    target,
    journal,
    after,
    onTrouble,
    signal: context.interrupted,
    submitter: () => context.username(),
  });
  const made: Build[] = [];
  try {
    for (const wave of waves) {
      submitter.beginWave();
      const failures: CoprError[] = [];
      for (const one of wave) {
        if (one.build === null) await sendPackage(run, submitter, one, { chroots: chroots.get(one), made, failures });
        else submitter.take(one.build);
      }
      throwFailures(failures);
    }
  } finally {
    if (made.length > 0) await tellMade(run, made);
  }
}

interface SentPackages {
  /** Chroots to build in, instead of those of the package. */
  chroots: readonly string[] | undefined;
  made: Build[];
  failures: CoprError[];
}

async function sendPackage(
  run: BatchRun,
  submitter: BatchSubmitter,
  one: BatchPackage,
  { chroots, made, failures }: SentPackages,
): Promise<void> {
  const { context, transport, output, options, ready } = run;
  context.interrupted.throwIfAborted();
  try {
    const chosen = chroots ?? one.read.entry.chroots;
    const build = await submitter.submit(await ready.item(one), { ...options, ...(chosen === undefined ? {} : { chroots: [...chosen] }) });
    one.build = build.id;
    made.push(build);
    run.wait.made(build);
    if (output.format !== "jsonl") return;
    await output.record({ ...createdEvent(transport.coprUrl, build), name: one.name, wave: one.wave });
  } catch (error) {
    context.interrupted.throwIfAborted();
    if (!(error instanceof CoprError)) throw error;
    if (isAccountRefused(error)) {
      output.note("Nothing more is submitted. The same command with --resume goes on from here.\n");
      throw error;
    }
    failures.push(error);
    if (!output.isData) context.terminal.error(cleanText(`${one.name} could not be submitted: ${error.message}\n`));
  }
}

function throwFailures(failures: readonly CoprError[]): void {
  const [first] = failures;
  if (first === undefined) return;
  const count = failures.length === 1 ? "1 package" : `${failures.length} packages`;
  throw new RequestError(`${count} could not be submitted, and so the waves after were not: ${first.message}`, {
    hint: first.hint ?? "The same command with --resume goes on from here.",
  });
}

/** In the words scripts look for. */
async function tellMade({ context, output, transport, target }: BatchRun, made: readonly Build[]): Promise<void> {
  await noteSeen(context, made.map(seenBuild));
  const links = made.map(({ id }) => `  ${buildUrl(transport.coprUrl, id)}\n`).join("");
  const ids = made.map(({ id }) => id).join(" ");
  output.note(cleanText(`Build was added to ${target.projectname}:\n${links}Created builds: ${ids}\n`));
}

/** The packages that failed, each with the chroots in which it did; undefined for all of its own. */
async function failedPackages(
  { transport, target: { ownername, projectname } }: BatchRun,
  waves: readonly BatchPackage[][],
): Promise<Map<BatchPackage, readonly string[] | undefined>> {
  const packages = waves.flat();
  const builds = await buildsById(
    transport,
    { ownername, projectname },
    packages.map(({ build }) => build as number),
  );
  const failed = new Map<BatchPackage, readonly string[] | undefined>();
  for (const one of packages) {
    const id = one.build as number;
    if (builds.get(id)?.state !== "failed") continue;
    const chroots = await listBuildChroots(transport, id);
    const names = chroots.filter(({ state }) => state === "failed").map(({ name }) => name);
    // Without a source package there are none.
    failed.set(one, names.length === 0 ? undefined : names);
  }
  return failed;
}
