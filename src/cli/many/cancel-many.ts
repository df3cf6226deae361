import { type Build, getBuild } from "../../core/api/index.ts";
import { isFinished } from "../../core/builds/finished-states.ts";
import { cancelUnlessFinished, listUnfinishedBuilds } from "../../core/builds/unfinished-builds.ts";
import { CoprError } from "../../core/errors.ts";
import { patient } from "../../core/http/patient.ts";
import type { Transport } from "../../core/http/transport.ts";
import type { Context } from "../context.ts";
import type { Output, OutputOptions } from "../output/output.ts";
import { actOnMany, type Item } from "./act-on-many.ts";
import type { CanceledBuild } from "./canceled-build.ts";
import type { ItemResult } from "./item-result.ts";
import type { ManyOptions } from "./options.ts";

/** What `cancel` takes. */
export interface CancelCommandOptions extends OutputOptions, ManyOptions {
  project?: string;
  state?: string[];
}

/** Cancels several builds, or the unfinished ones of a project. */
export async function cancelMany(
  context: Context,
  output: Output<CanceledBuild & ItemResult>,
  ids: readonly number[],
  options: CancelCommandOptions,
): Promise<void> {
  const transport = patient(await (options.dryRun ? context.transport() : context.authenticated()));
  const items = await (options.project === undefined
    ? itemsOfBuilds(transport, ids)
    : itemsOfProject(context, transport, options.project, options.state));
  const open = items.filter(({ obstacle, isSkipped }) => obstacle === undefined && !isSkipped);
  const nothing = "No such build is unfinished: there is nothing to cancel.";
  await actOnMany(context, output, options, { items, question: `Cancel ${open.length} builds`, nothing });
}

async function itemsOfBuilds(transport: Transport, ids: readonly number[]): Promise<Item<CanceledBuild>[]> {
  const items: Item<CanceledBuild>[] = [];
  for (const id of ids) {
    try {
      items.push(itemOf(transport, await getBuild(transport, id)));
    } catch (error) {
      if (!(error instanceof CoprError)) throw error;
      items.push({ record: { id }, act: () => Promise.reject(error), obstacle: error });
    }
  }
  return items;
}

async function itemsOfProject(
  context: Context,
  transport: Transport,
  text: string,
  states: readonly string[] | undefined,
): Promise<Item<CanceledBuild>[]> {
  const { ownername, projectname, project_dirname: dirname } = await context.buildTarget(text);
  const filter = { states, dirname: dirname === projectname ? undefined : dirname };
  const builds = await listUnfinishedBuilds(transport, { ownername, projectname }, filter);
  return builds.map((build) => itemOf(transport, build));
}

function itemOf(transport: Transport, build: Build): Item<CanceledBuild> {
  return { record: build, isSkipped: isFinished(build.state), act: () => cancelUnlessFinished(transport, build.id) };
}
