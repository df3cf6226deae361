import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SrpmTask } from "../core/build-task.ts";
import { ensureDirectory, writeFileAtomic } from "../core/files.ts";
import type { Buildroot } from "./buildroot/buildroot.ts";
import { TaskError } from "./errors.ts";
import { publishFile, sweepResults } from "./results.ts";
import { querySource, type SourceHeader } from "./rpm-query.ts";
import { extractFromSrpm } from "./srpm-content.ts";
import { produceSrpm } from "./sources/index.ts";
import type { TaskContext } from "./task-context.ts";

/** Makes the source package of a task, with its spec file and `results.json` beside it. */
export async function buildSrpm(context: TaskContext, task: SrpmTask, buildroot: Buildroot): Promise<void> {
  await context.enter("sources");
  await produceSrpm(context, task, buildroot);

  await context.enter("collecting");
  await sweepResults(context);
  const srpm = await onlySrpm(context.results);
  const header = await querySource(context, join(context.results, srpm));
  context.log.say(`Output: ['${srpm}']`);
  await publishSpec(context, srpm, header);
  const results = JSON.stringify(srpmResults(task, header), null, 4);
  context.log.say(`Package info: ${results}`);
  await writeFileAtomic(join(context.results, "results.json"), results);
}

/** Exactly one: the backend takes the first it sees. */
async function onlySrpm(results: string): Promise<string> {
  const found = (await readdir(results)).filter((name) => /\.(src|nosrc)\.rpm$/.test(name));
  if (found.length === 1) return found[0] as string;
  throw new TaskError(found.length === 0 ? "No source package was made" : `Several source packages were made: ${found.sort().join(", ")}`);
}

async function publishSpec(context: TaskContext, srpm: string, { specName }: SourceHeader): Promise<void> {
  if (specName === undefined) throw new TaskError(`The source package ${srpm} holds no spec file`);
  const directory = join(context.workDirectory, "srpm-content");
  await ensureDirectory(directory);
  await extractFromSrpm(context, join(context.results, srpm), specName, directory);
  await publishFile(join(directory, specName), context.results, specName);
}

/** What the frontend wants to know. It reads the entry of every distribution, so each must be there, if only empty. */
function srpmResults(task: SrpmTask, header: SourceHeader) {
  const { distributions_in_build: inBuild, distributions_in_project: inProject } = task;
  const distributions = inBuild.length > 0 ? inBuild : inProject;
  const tags = {
    ...(header.buildArchs.length > 0 ? { buildarch: header.buildArchs } : {}),
    ...(header.exclusiveArchs.length > 0 ? { exclusivearch: header.exclusiveArchs } : {}),
    ...(header.excludeArchs.length > 0 ? { excludearch: header.excludeArchs } : {}),
  };
  const { name, epoch, version, release } = header;
  return { architecture_specific_tags: Object.fromEntries(distributions.map((one) => [one, tags])), name, epoch, version, release };
}
