import { getProject } from "../../core/api/index.ts";
import { type BatchEntry, isBatchFile, readBatchFile } from "../../core/batch/batch-file.ts";
import { type BatchSource, namedPackages, readBatchSource } from "../../core/batch/batch-source.ts";
import { readBuiltPackages } from "../../core/batch/built-packages.ts";
import { NoOrderError, type OrderedPackage, orderPackages, type PackageToOrder } from "../../core/batch/order.ts";
import { CoprError } from "../../core/errors.ts";
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
  /** Tells people something on the way. */
  note: (text: string) => void;
}

/** Reads the packages that words name, or the one file that names them, and puts them in order: a list for each wave. */
export async function planBatch(transport: Transport, words: readonly string[], target: PlanTarget): Promise<BatchPackage[][]> {
  const [first] = words as [string];
  const { ownername, projectname, signal } = target;
  const isFile = words.length === 1 && isBatchFile(first);
  const entries = isFile ? await readBatchFile(first, signal) : words.map((source): BatchEntry => ({ source }));
  const { chroot_repos: repositories } = await getProject(transport, { ownername, projectname });
  const sources: BatchSource[] = [];
  const used = new Set<string>();
  for (const entry of entries) {
    const chroots = matching(Object.keys(repositories), entry.chroots ?? target.chroots);
    for (const chroot of chroots) used.add(repositories[chroot] as string);
    sources.push(await readBatchSource(transport, entry, { chroots, signal }));
  }
  const packages = namedPackages(sources);
  const byName = new Map(packages.map((one) => [one.name, one.source]));
  return (await ordered(transport, packages, [...used], target)).map((wave) =>
    wave.map((place) => {
      const read = byName.get(place.name) as BatchSource;
      return { ...place, source: read.entry.source, build: null, read };
    }),
  );
}

/** Where packages need one another, one of them may do with what the project has already: only then that is asked for. */
async function ordered(
  transport: Transport,
  packages: readonly PackageToOrder[],
  repositories: readonly string[],
  { ownername, projectname, signal, note }: PlanTarget,
): Promise<OrderedPackage[][]> {
  try {
    return orderPackages(packages);
  } catch (error) {
    if (!(error instanceof NoOrderError)) throw error;
    const present = await Promise.all(repositories.map((url) => readBuiltPackages(transport, url, signal))).catch((reason: unknown) => {
      signal.throwIfAborted();
      if (reason instanceof CoprError) note(cleanText(`What the project has already is not known: ${reason.message}.\n`));
      throw error;
    });
    const waves = orderPackages(packages, { present });
    note(cleanText(`Packages that need one another begin with what ${ownername}/${projectname} has already.\n`));
    return waves;
  }
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
