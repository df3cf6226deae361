import { machine } from "node:os";
import type { SrpmTask } from "../../core/task/build-task.ts";
import { CoprError } from "../../core/errors.ts";
import { fetchText } from "../../core/http/fetch-file.ts";
import { type Budget, createBudget } from "../../core/packaging/spec-evaluator/budget.ts";
import { mayDependOnDistribution } from "../../core/packaging/spec-evaluator/distribution-dependence.ts";
import { distributionMacros, macroTarget } from "../../core/packaging/spec-evaluator/distribution-macros.ts";
import { type MacroDatabase, parseMacroDatabase } from "../../core/packaging/spec-evaluator/macro-database.ts";
import { readPreamble } from "../../core/packaging/spec-evaluator/preamble.ts";
import { SpecError } from "../../core/packaging/spec-evaluator/spec-error.ts";
import type { PreambleTags } from "../../core/packaging/spec-evaluator/tags.ts";
import type { SourceHeader } from "./rpm-query.ts";
import { taskMacros } from "./spec-surroundings.ts";
import type { TaskContext } from "../task/task-context.ts";

/** Where a package is to be built, as the frontend wants to know it; only what the spec file says is there. */
export interface ArchitectureTags {
  buildarch?: string[];
  exclusivearch?: string[];
  excludearch?: string[];
}

/**
 * What the spec file, given in its logical lines, asks for in each distribution of the task; each has an entry, if only an
 * empty one, because the frontend reads it without looking. Where the spec file is not understood, the package's header has
 * to do: it says what holds on this machine. Where neither is, there is no limit.
 */
export async function architectureTags(
  context: TaskContext,
  task: SrpmTask,
  header: SourceHeader,
  spec: readonly string[],
): Promise<Record<string, ArchitectureTags>> {
  const distributions = distributionsOf(task, context.log.say);
  const database = distributions.length > 0 && mayDependOnDistribution(spec) ? await fetchDatabase(context) : undefined;
  const evaluation: Evaluation = {
    spec,
    header,
    database,
    ours: taskMacros(context, task),
    budget: createBudget(MAX_CHARACTERS),
    say: context.log.say,
  };
  return Object.fromEntries(distributions.map((distribution) => [distribution, tagsFor(distribution, evaluation)]));
}

/** For all distributions: half a second of work. */
const MAX_CHARACTERS = 32_000_000;
const MAX_DATABASE_BYTES = 8 * 1024 * 1024;
const DATABASE_LIMIT_SECONDS = 15;

interface Evaluation {
  spec: readonly string[];
  header: SourceHeader;
  database: MacroDatabase | undefined;
  ours: [string, string][];
  /** One for all distributions: what is too much for one would be too much for the next. */
  budget: Budget;
  say: (text: string) => void;
}

function distributionsOf({ distributions_in_build, distributions_in_project }: SrpmTask, say: (text: string) => void): string[] {
  for (const [field, distributions] of Object.entries({ distributions_in_build, distributions_in_project })) {
    if (distributions.length === 0) continue;
    say(`Using ${field} for this build.`);
    return distributions;
  }
  say("Running against too old copr-frontend: it names no distributions");
  return [];
}

/** Without the database the built-in facts have to do; a build never fails for want of it. */
async function fetchDatabase({ transport, settings, signal, log }: TaskContext): Promise<MacroDatabase | undefined> {
  const url = settings.macroOverrideDbUrl;
  if (url === "") return undefined;
  signal.throwIfAborted();
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(() => limit.abort(new CoprError(`No answer within ${DATABASE_LIMIT_SECONDS} s`)), DATABASE_LIMIT_SECONDS * 1000);
  try {
    return parseMacroDatabase(await fetchText(transport, url, { signal: limit.signal, maxBytes: MAX_DATABASE_BYTES, attempts: 2 }));
  } catch (error) {
    signal.throwIfAborted();
    log.say(`Going on without the macro override database: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function tagsFor(distribution: string, { spec, header, database, ours, budget, say }: Evaluation): ArchitectureTags {
  say(`Extracting arch-specific tags for ${distribution}`);
  const target = macroTarget(distribution);
  const builtIn = distributionMacros(target);
  const macros = database ? database.applyTo(target, builtIn) : Object.entries(builtIn);
  try {
    const tags = readPreamble(spec, { macros: [...ours, ...macros], architecture: machine(), budget });
    const halves = halfUnderstood(tags);
    if (halves.length > 0)
      say(`Taking ${halves.join(" and ")} of the source package for ${distribution}: the spec file's depends on what is not known`);
    return tagsOf(tags, header);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    say(`Taking the tags of the source package for ${distribution}: ${error.message}`);
    return tagsOf({ buildArchs: undefined, exclusiveArchs: undefined, excludeArchs: header.excludeArchs.filter(isPlain) }, header);
  }
}

type Lists = Pick<PreambleTags, "buildArchs" | "exclusiveArchs" | "excludeArchs">;

function halfUnderstood({ buildArchs, exclusiveArchs }: Lists): string[] {
  return [buildArchs === undefined ? "BuildArch" : "", exclusiveArchs === undefined ? "ExclusiveArch" : ""].filter(Boolean);
}

/** What is not understood is the header's; a header that names a macro was not understood by who made the package. */
function tagsOf(tags: Lists, header: SourceHeader): ArchitectureTags {
  const ofHeader = (list: readonly string[]): string[] => (list.every(isPlain) ? [...list] : []);
  const buildarch = tags.buildArchs ?? ofHeader(header.buildArchs);
  const exclusivearch = tags.exclusiveArchs ?? ofHeader(header.exclusiveArchs);
  const excludearch = tags.excludeArchs;
  return {
    ...(buildarch.length > 0 ? { buildarch } : {}),
    ...(exclusivearch.length > 0 ? { exclusivearch } : {}),
    ...(excludearch.length > 0 ? { excludearch } : {}),
  };
}

function isPlain(word: string): boolean {
  return !word.includes("%");
}
