import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BuildError, CoprError } from "../../core/errors.ts";
import { exists } from "../../core/files/directories.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { shellLine } from "../../core/text/shell-line.ts";
import type { Context } from "../context.ts";
import type { Output } from "../output/output.ts";
import { type Destination, makeDestination } from "./destination.ts";
import type { LocalBuild, LocalCause } from "./local-build-record.ts";
import { runBuilder } from "./run-builder.ts";
import type { Workplace } from "./workplace.ts";

/** A build that is about to be done. */
export interface PlannedBuild extends Pick<LocalBuild, "build" | "project" | "chroot" | "origin" | "definition" | "command"> {
  /** Where the command has to be run; anywhere when left out. */
  cwd?: string | undefined;
}

/** Says what would be done, and where its files are. */
export async function tellPlan(
  output: Output<LocalBuild>,
  { cwd: _cwd, ...planned }: PlannedBuild,
  { directory }: Workplace,
): Promise<void> {
  const text = `Definition: ${planned.definition}\nConfiguration, and later results: ${directory}\n${shellLine(planned.command)}\n`;
  await output.record({ ...planned, ...nothingDone, result: "planned", work_directory: directory }, cleanText(text));
}

const nothingDone = { reason: null, cause: null, packages: [], directory: null };

/** How a planned build is done. */
export interface BuildRequest {
  workplace: Workplace;
  /** Whether the workplace stays. */
  isKept: boolean;
  /** The user's directory for the results; one named `preset` when left out. */
  dest: string | undefined;
  preset: string;
  /** What a failure means, the beginning of a sentence. */
  judgement: string;
}

/**
 * Does a planned build, shows its log while it grows, and puts its results into the user's directory; when it is interrupted
 * that is removed again. Throws BuildError when it failed, CoprError when it could not begin.
 */
export async function buildHere(context: Context, output: Output<LocalBuild>, planned: PlannedBuild, request: BuildRequest): Promise<void> {
  const destination = await makeDestination(request.dest, request.preset);
  try {
    await buildInto(destination, context, output, planned, request);
  } catch (error) {
    if (!(error instanceof BuildError)) await destination.remove();
    throw error;
  }
}

async function buildInto(
  destination: Destination,
  context: Context,
  output: Output<LocalBuild>,
  { cwd, ...planned }: PlannedBuild,
  { workplace, isKept, judgement }: BuildRequest,
): Promise<void> {
  output.note(cleanText(`Running: ${shellLine(planned.command)}\n`));
  const { exitCode, lastLine } = await runBuilder(context, { argv: planned.command, cwd, isShown: !output.isData && !output.isChosen });
  const status = await readStatus(workplace);
  if (status === undefined) throw new CoprError(`The builder could not begin: ${lastLine || `it ended with ${exitCode}`}`);
  const packages = await collect(workplace, destination);
  const { reason, cause } = status;
  const result = exitCode === 0 ? "succeeded" : "failed";
  const places = { directory: destination.path, work_directory: isKept ? workplace.directory : null };
  const isGone = !isKept && planned.definition?.startsWith(workplace.directory);
  const definition = isGone ? null : planned.definition;
  const record: LocalBuild = { ...planned, definition, result, reason, cause, packages, ...places };
  await output.record(record, cleanText(describe(record)));
  if (exitCode === 0) return;
  const why = (reason ?? `the builder ended with ${exitCode}`).replace(/\.$/, "");
  throw new BuildError(`${judgement}: ${why}.`, { hint: `Its logs are in ${destination.path}.` });
}

function describe({ directory, work_directory: kept }: LocalBuild): string {
  return `Results: ${directory}\n${kept === null ? "" : `Kept: ${kept}\n`}`;
}

const MAX_STATUS_BYTES = 1024 * 1024;

/** What of the builder's status says how the task ended; undefined when it never began. */
async function readStatus({ state }: Workplace): Promise<{ reason: string | null; cause: LocalCause | null } | undefined> {
  const path = join(state, "status.json");
  if (!(await exists(path))) return undefined;
  const text = (await readRegularFile(path, { maxBytes: MAX_STATUS_BYTES, label: "status file" })).toString();
  const { reason = null, cause = null } = JSON.parse(text) as { reason?: string | null; cause?: LocalCause | null };
  return { reason, cause };
}

/** Moves results and log to the user's directory; resolves to the names of the packages. */
async function collect({ results, state }: Workplace, destination: Destination): Promise<string[]> {
  const names = (await readdir(results).catch((): string[] => [])).toSorted();
  for (const name of names) await destination.take(join(results, name), name);
  // Under the name that it has among the results of every build.
  const log = join(state, "live-log");
  if (await exists(log)) await destination.take(log, "builder-live.log");
  return names.filter((name) => name.endsWith(".rpm"));
}
