import { machine } from "node:os";
import { join } from "node:path";
import type { SrpmTask } from "../../core/task/build-task.ts";
import { CoprError } from "../../core/errors.ts";
import { fetchText } from "../../core/http/fetch-file.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { type Budget, createBudget } from "../../core/packaging/spec-evaluator/budget.ts";
import { mayDependOnDistribution } from "../../core/packaging/spec-evaluator/distribution-dependence.ts";
import { distributionMacros, macroTarget } from "../../core/packaging/spec-evaluator/distribution-macros.ts";
import { logicalLines } from "../../core/packaging/spec-evaluator/logical-lines.ts";
import { machineMacros } from "../../core/packaging/spec-evaluator/machine-macros.ts";
import { type MacroDatabase, parseMacroDatabase } from "../../core/packaging/spec-evaluator/macro-database.ts";
import { readPreamble } from "../../core/packaging/spec-evaluator/preamble.ts";
import { SpecError } from "../../core/packaging/spec-evaluator/spec-error.ts";
import { literalMacro, macrosOf } from "../task/macros.ts";
import { maxSpecBytes, type SourceHeader } from "./rpm-query.ts";
import type { TaskContext } from "../task/task-context.ts";

/** Where a package is to be built, as the frontend wants to know it; only what the spec file says is there. */
export interface ArchitectureTags {
  buildarch?: string[];
  exclusivearch?: string[];
  excludearch?: string[];
}

/**
 * What the spec file asks for in each distribution of the task; each has an entry, if only an empty one, because the
 * frontend reads it without looking. Where the spec file can't be evaluated, the package's header has to do: it says
 * what holds on this machine.
 */
export async function architectureTags(
  context: TaskContext,
  task: SrpmTask,
  header: SourceHeader & { specName: string },
): Promise<Record<string, ArchitectureTags>> {
  const path = join(context.results, header.specName);
  // Only what is ASCII counts, so no other encoding is an error.
  const content = await readRegularFile(path, { maxBytes: maxSpecBytes, label: "spec file" });
  const spec = logicalLines(content.toString("latin1", 0, MAX_PREAMBLE_BYTES));
  const distributions = distributionsOf(task, context.log.say);
  const database = distributions.length > 0 && mayDependOnDistribution(spec) ? await fetchDatabase(context) : undefined;
  const evaluation: Evaluation = {
    spec,
    header,
    database,
    ours: macrosOfTask(context, task),
    budget: createBudget(MAX_CHARACTERS),
    say: context.log.say,
  };
  return Object.fromEntries(distributions.map((distribution) => [distribution, tagsFor(distribution, evaluation)]));
}

/** Preambles are at the beginning. */
const MAX_PREAMBLE_BYTES = 1024 * 1024;
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

/** Spec files may ask whether they are built on Copr, and whose build it is. */
function macrosOfTask({ settings }: TaskContext, task: SrpmTask): [string, string][] {
  const told = macrosOf(task, settings).filter(([name]) => /^%(copr_|vendor$|buildtag$)/.test(name));
  return [
    ...Object.entries(machineMacros(machine())),
    ...told.map(([name, value]): [string, string] => [name.slice(1), literalMacro(value)]),
  ];
}

function tagsFor(distribution: string, { spec, header, database, ours, budget, say }: Evaluation): ArchitectureTags {
  say(`Extracting arch-specific tags for ${distribution}`);
  const target = macroTarget(distribution);
  const builtIn = distributionMacros(target);
  const macros = database ? database.applyTo(target, builtIn) : Object.entries(builtIn);
  try {
    return tagsOf(readPreamble(spec, { macros: [...ours, ...macros], architecture: machine(), budget }));
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    say(`Taking the tags of the source package for ${distribution}: ${error.message}`);
    return tagsOf(header);
  }
}

function tagsOf({ buildArchs, exclusiveArchs, excludeArchs }: Pick<SourceHeader, "buildArchs" | "exclusiveArchs" | "excludeArchs">) {
  return {
    ...(buildArchs.length > 0 ? { buildarch: buildArchs } : {}),
    ...(exclusiveArchs.length > 0 ? { exclusivearch: exclusiveArchs } : {}),
    ...(excludeArchs.length > 0 ? { excludearch: excludeArchs } : {}),
  };
}
