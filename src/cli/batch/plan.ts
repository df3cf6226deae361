import { getProject } from "../../core/api/index.ts";
import { type BatchEntry, isBatchFile, readBatchFile } from "../../core/batch/batch-file.ts";
import { type BatchSource, namedPackages, readBatchSource } from "../../core/batch/batch-source.ts";
import { orderPackages } from "../../core/batch/order.ts";
import type { Transport } from "../../core/http/transport.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { globMatcher } from "../../core/text/glob.ts";
import type { PlannedPackage } from "./output.ts";

/** A package in its place, with what was read of it. */
export interface BatchPackage extends PlannedPackage {
  read: BatchSource;
}

/** Where a batch goes. */
export interface PlanTarget {
  ownername: string;
  projectname: string;
  /** Names or globs; all of the project when absent. */
  chroots?: readonly string[] | undefined;
  signal: AbortSignal;
}

/** Reads the packages that words name, or the one file that names them, and puts them in order: a list for each wave. */
export async function planBatch(transport: Transport, words: readonly string[], target: PlanTarget): Promise<BatchPackage[][]> {
  const [first] = words as [string];
  const entries = words.length === 1 && isBatchFile(first) ? await readBatchFile(first) : words.map((source): BatchEntry => ({ source }));
  const { ownername, projectname, signal } = target;
  const enabled = Object.keys((await getProject(transport, { ownername, projectname })).chroot_repos);
  const sources: BatchSource[] = [];
  for (const entry of entries) {
    const chroots = matching(enabled, entry.chroots ?? target.chroots);
    sources.push(await readBatchSource(transport, entry, { chroots, signal }));
  }
  const packages = namedPackages(sources);
  const byName = new Map(packages.map((one) => [one.name, one.source]));
  return orderPackages(packages).map((wave) =>
    wave.map((place) => {
      const read = byName.get(place.name) as BatchSource;
      return { ...place, source: read.entry.source, build: null, read };
    }),
  );
}

/** What the frontend is not going to take it may say itself: here it only decides how spec files are read. */
function matching(enabled: readonly string[], patterns: readonly string[] | undefined): readonly string[] {
  if (patterns === undefined) return enabled;
  const matchers = patterns.map(globMatcher);
  const found = enabled.filter((name) => matchers.some((matches) => matches(name)));
  return found.length > 0 ? found : enabled;
}

/** The waves for a person. */
export function describePlan(project: string, waves: readonly BatchPackage[][]): string {
  const count = waves.flat().length;
  const head = `${count} package${count === 1 ? "" : "s"} for ${project}, in ${waves.length} wave${waves.length === 1 ? "" : "s"}:\n`;
  const lines = waves.map((wave, at) => `  ${at + 1}  ${wave.map(describePackage).join(", ")}\n`);
  return cleanText(head + lines.join(""));
}

function describePackage({ name, build }: BatchPackage): string {
  return build === null ? name : `${name} (build ${build})`;
}
