import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { SrpmTask } from "../../core/task/build-task.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import { architectureTags } from "../results/architecture-tags.ts";
import type { Buildroot } from "../buildroot/buildroot.ts";
import { TaskError } from "../errors.ts";
import { packageIdentity } from "../results/package-identity.ts";
import { publishFile, sweepResults } from "../results/results.ts";
import { querySource } from "../results/rpm-query.ts";
import { readSpecLines } from "../results/spec-surroundings.ts";
import { extractSpec } from "../results/srpm-content.ts";
import { produceSrpm } from "../sources/index.ts";
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
  const { specName } = header;
  if (specName === undefined) throw new TaskError(`The source package ${srpm} holds no spec file`);
  await publishSpec(context, srpm, specName);
  const spec = await readSpecLines(context.results, specName);
  const architecture_specific_tags = await architectureTags(context, task, header, spec);
  const identity = await packageIdentity(context, task, header, spec);
  const results = JSON.stringify({ architecture_specific_tags, ...identity }, null, 4);
  context.log.say(`Package info: ${results}`);
  await replaceFile(join(context.results, "results.json"), results);
}

/** Exactly one, and under the only ending the backend looks for: it takes the first it sees. */
async function onlySrpm(results: string): Promise<string> {
  const [srpm, ...others] = (await readdir(results)).filter((name) => /\.(src|nosrc)\.rpm$/.test(name)).sort();
  if (srpm === undefined) throw new TaskError("No source package was made");
  if (others.length > 0) throw new TaskError(`Several source packages were made: ${[srpm, ...others].join(", ")}`);
  const name = srpm.replace(/\.nosrc\.rpm$/, ".src.rpm");
  if (name !== srpm) await rename(join(results, srpm), join(results, name));
  return name;
}

async function publishSpec(context: TaskContext, srpm: string, specName: string): Promise<void> {
  const directory = join(context.workDirectory, "srpm-content");
  await ensureDirectory(directory);
  await extractSpec(context, join(context.results, srpm), specName, directory);
  await publishFile(join(directory, specName), context.results, specName);
}
