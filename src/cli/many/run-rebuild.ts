import { basename } from "node:path";
import type { Build } from "../../core/api/index.ts";
import { createdEvent } from "../../core/builds/build-events.ts";
import { buildRecord, buildUrl } from "../../core/builds/build-record.ts";
import { KnownProjects } from "../../core/builds/known-projects.ts";
import { planRebuild, type RebuildOptions, type RebuildPlan, submitRebuild } from "../../core/builds/rebuild.ts";
import { planProjectRebuild } from "../../core/builds/rebuild-project.ts";
import { BuildError, CoprError, UsageError } from "../../core/errors.ts";
import { patient } from "../../core/http/patient.ts";
import type { Transport } from "../../core/http/transport.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { type BuildMannerOptions, readMannerOptions } from "../options/build.ts";
import { noteSeen, seenBuild } from "../seen-builds.ts";
import { printBuilds } from "../waiting/submission.ts";
import type { WaitingOutput } from "../waiting/printing.ts";
import { type WaitingOptions, waitForBuilds } from "../waiting/wait.ts";
import { beginActs, type Item } from "./act-on-many.ts";
import type { ItemResult } from "./item-result.ts";
import type { ManyOptions } from "./options.ts";
import { describeRebuilt, type RebuildOutput, type RebuiltBuild, rebuiltBuild, unknownBuild } from "./rebuilt-build.ts";

/** What `rebuild` takes. */
export interface RebuildCommandOptions extends WaitingOptions, ManyOptions, BuildMannerOptions {
  project?: string;
  failed?: boolean;
  all?: boolean;
  package?: string;
  chroot?: string[];
  nowait?: boolean;
}

type Told = RebuiltBuild & ItemResult;

/** What one run is about. */
interface Run {
  context: Context;
  transport: Transport;
  output: RebuildOutput;
  options: RebuildCommandOptions;
  known: KnownProjects;
  /** The new builds. */
  made: Build[];
  /** The builds that it is about, old and new. */
  seen: Set<number>;
}

/** Makes builds again, tells the pairs of old and new ones, and waits for the new ones unless told not to. */
export async function runRebuild(
  context: Context,
  output: RebuildOutput,
  ids: readonly number[],
  options: RebuildCommandOptions,
): Promise<void> {
  const transport = patient(await (options.dryRun ? context.transport() : context.authenticated()));
  const run: Run = { context, transport, output, options, known: new KnownProjects(transport), made: [], seen: new Set() };
  const items = await (options.project === undefined ? itemsOfBuilds(run, ids) : itemsOfProject(run, options.project));
  const open = items.filter(({ obstacle, isSkipped }) => obstacle === undefined && !isSkipped);
  const nothing = options.all ? "There is nothing to rebuild." : "Nothing has failed: there is nothing to rebuild.";
  const acts = await beginActs(context, output, options, { items, question: `Make ${open.length} builds again`, nothing });
  if (acts === undefined) return;
  const told: Told[] = [];
  for await (const record of acts.results) {
    told.push(record);
    if (output.format === "jsonl") await output.record({ event: "rebuilt", ...record });
    else if (output.format !== "json") await output.record(record, describeRebuilt(record));
  }
  try {
    await tellBuilds(run, told);
  } catch (error) {
    // That some could not be submitted weighs more than what became of the others.
    if (error instanceof BuildError) acts.settle();
    throw error;
  }
  acts.settle();
}

async function itemsOfBuilds(run: Run, ids: readonly number[]): Promise<Item<RebuiltBuild>[]> {
  const { failed, chroot: chroots } = run.options;
  const items: Item<RebuiltBuild>[] = [];
  for (const id of ids) {
    try {
      items.push(itemOf(run, await planRebuild(run.transport, id, { failed, chroots }, run.known)));
    } catch (error) {
      if (!(error instanceof CoprError)) throw error;
      items.push({ record: unknownBuild(id), act: () => Promise.reject(error), obstacle: error });
    }
  }
  // A pattern that fits none of them is a mistake in the words.
  const mistakes = items.map(({ obstacle }) => obstacle);
  if (mistakes.every((mistake) => mistake instanceof UsageError)) throw mistakes[0];
  return items;
}

async function itemsOfProject(run: Run, project: string): Promise<Item<RebuiltBuild>[]> {
  const { all, package: pattern, chroot: chroots } = run.options;
  const target = await run.context.buildTarget(project);
  const plans = await planProjectRebuild(run.transport, { ...target, all, package: pattern, chroots }, run.known);
  return plans.map((plan) => itemOf(run, plan));
}

function itemOf({ context, transport, output, options, known, made, seen }: Run, plan: RebuildPlan): Item<RebuiltBuild> {
  const record = rebuiltBuild(plan);
  seen.add(plan.old);
  const how: RebuildOptions = {
    options: readMannerOptions(options),
    known,
    signal: context.interrupted,
    submitter: () => context.username(),
    onUpload: (path) => output.note(cleanText(`Uploading ${basename(path)} again\n`)),
  };
  return {
    record,
    isSkipped: plan.nothing !== null,
    async act() {
      const build = await submitRebuild(transport, plan, { ...how, others: seen });
      made.push(build);
      seen.add(build.id);
      // As every command tells a build that it has made; what it is made in place of is told with the pair.
      if (output.format === "jsonl") await output.record(createdEvent(transport.coprUrl, build));
      return { ...record, new: build.id, url: buildUrl(transport.coprUrl, build.id) };
    },
  };
}

/** Tells the new builds as the commands do that make builds, and waits for them. */
async function tellBuilds({ context, transport, output, options, made }: Run, told: readonly Told[]): Promise<void> {
  const document: WaitingOutput["document"] = (name, records) => output.document(name, records, { rebuilds: told });
  const waiting: WaitingOutput = { ...output, document };
  const ids = made.map(({ id }) => id);
  await noteSeen(context, made.map(seenBuild));
  if (ids.length > 0) output.note(`Created builds: ${ids.join(" ")}\n`);
  const isOver = options.nowait || ids.length === 0 || context.interrupted.aborted;
  const records = made.map((build) => buildRecord(transport.coprUrl, build));
  if (!isOver) await waitForBuilds(context, waiting, ids, options, records);
  else if (output.format === "json") await printBuilds(context, waiting, made, transport.coprUrl);
}
