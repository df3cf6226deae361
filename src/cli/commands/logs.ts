import { Argument, Command, InvalidArgumentError } from "commander";
import { LIVE_LOG } from "../../core/builds/build-record.ts";
import type { PhaseLogEvent } from "../../core/builds/phase-of-logs.ts";
import { BuildError, RequestError, UsageError } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { choiceError } from "../format/choice-error.ts";
import { noteSeen, seenNumber } from "../seen-builds.ts";
import type { LogLineRecord } from "../logs/data.ts";
import type { LogLayout } from "../logs/print.ts";
import type { LogEnd } from "../logs/records.ts";
import { pollIntervalOption } from "../options/watch.ts";
import { integer } from "../options/values.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type Output, type OutputOptions, printing } from "../output/output.ts";

const printed = printing<LogLineRecord>(
  { fields: { chroot: "shown", log: "known", offset: "known", time: "known", text: "shown" } },
  { formats: formatsOfActs },
);

interface LogsOptions extends OutputOptions {
  chroot?: string;
  follow?: boolean;
  log: string;
  phase?: string;
  tail?: number;
  fromOffset?: number;
  timestamps?: boolean;
  pollInterval?: number;
}

/** `logs`: what a build has written, or writes just now. */
export function logs(context: Context): Command {
  const command = new Command("logs")
    .helpGroup("Builds:")
    .summary("print the log of a build, or follow it")
    .addArgument(new Argument("<build_id>", "number of the build").argParser(integer))
    .option(
      "-r, --chroot <chroot>",
      "log of this chroot, of the SRPM phase (srpm-builds), or of everything (all), with the chroot before each line; " +
        "default: the only chroot, or the only one that failed",
    )
    .option("-f, --follow", "go on until the build ends")
    .option("--log <name>", "file in the result directory, such as build.log, root.log or backend.log", LIVE_LOG)
    .option(
      "--phase <phase>",
      "only this phase of the builder's task: sources, chroot (set-up), building, …; a beginning such as build will do",
    )
    .option("--tail <lines>", "begin with the last lines only", count)
    .option("--from-offset <bytes>", "leave out what comes before this byte of the log", offset)
    .option("--timestamps", "say before each line when it was read, in UTC; with --follow that is soon after it was written")
    .addOption(pollIntervalOption(10));
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nWith --follow it stops with exit status 4 when the build failed or was canceled; with a chroot, only what becomes of that " +
        "one counts. Logs of several chroots together cost the server no more than a request a second.\n\n" +
        "Examples:\n  copr-cli logs 1234567 -r fedora-rawhide-x86_64 --tail 50\n" +
        "  copr-cli logs 1234567 --phase build\n  copr-cli logs 1234567 --follow",
    )
    .action(async (buildId: number, options: LogsOptions) => {
      if (options.tail !== undefined && options.fromOffset !== undefined) {
        throw new UsageError("--tail and --from-offset exclude each other");
      }
      checkPhase(options);
      const output = printed.open(context.terminal, options);
      await noteSeen(context, [seenNumber(buildId)]);
      await tellLogs(context, output, buildId, options);
    });
}

async function tellLogs(context: Context, output: Output<LogLineRecord>, buildId: number, options: LogsOptions): Promise<void> {
  const { chroot, follow = false, log, tail: tailLines, fromOffset, timestamps = false, pollInterval } = options;
  const [{ ALL, followBuildLogs }, { phaseOfLogs }, { meantPhase }, { AmbiguousChrootError }, { tuneForStreams }] = await Promise.all([
    import("../../core/builds/build-logs.ts"),
    import("../../core/builds/phase-of-logs.ts"),
    import("../../core/text/phase-heading.ts"),
    import("../../core/builds/meant-part.ts"),
    import("../../core/http/stream-run.ts"),
  ]);
  const phase = options.phase === undefined ? undefined : meantPhase(options.phase);
  tuneForStreams();
  const request = { buildId, chroot, follow, log, tailLines, fromOffset, signal: context.interrupted };
  const whole = followBuildLogs(await context.transport(), {
    ...request,
    stateIntervalMs: pollInterval === undefined ? undefined : pollInterval * 1000,
  });
  const events = phase === undefined ? whole : phaseOfLogs(whole, phase);
  try {
    const ends = await print(context, output, events, { names: chroot === ALL, timestamps });
    if (phase !== undefined) judgePhases(context, phase, ends, follow);
    judge(context, buildId, ends, follow);
  } catch (error) {
    if (error instanceof AmbiguousChrootError) throw choiceError(context.terminal, error.message, error.parts);
    throw error;
  }
}

async function print(
  { terminal }: Context,
  output: Output<LogLineRecord>,
  events: AsyncIterable<PhaseLogEvent>,
  layout: LogLayout,
): Promise<LogEnd[]> {
  const { logRecords } = await import("../logs/records.ts");
  if (output.isData || output.isChosen) {
    const { printLogData } = await import("../logs/data.ts");
    return printLogData(
      output,
      logRecords(events, () => "line"),
    );
  }
  const { grainFor, printLogs } = await import("../logs/print.ts");
  return printLogs(
    terminal,
    logRecords(events, (among) => grainFor(layout, among)),
    layout,
  );
}

/** Throws UsageError where a phase can't be asked for. */
function checkPhase({ phase, log, tail, fromOffset }: LogsOptions): void {
  if (phase === undefined) return;
  if (tail !== undefined) throw new UsageError("--phase and --tail exclude each other", { hint: "Pipe it through tail." });
  if (fromOffset !== undefined) throw new UsageError("--phase and --from-offset exclude each other");
  if (log !== LIVE_LOG) throw new UsageError(`Only ${LIVE_LOG} is of several phases, ${log} is not`);
}

/** Tells where a phase was not; throws when it was nowhere, unless how the build ended is what was waited for. */
function judgePhases({ terminal }: Context, phase: string, ends: readonly LogEnd[], isFollowed: boolean): void {
  const lacking = ends.filter(({ phases }) => phases !== undefined);
  const sentences = lacking.map(({ chroot, phases = [] }) => `The log of ${chroot} has no phase '${phase}', it has ${phases.join(", ")}.`);
  if (!isFollowed && lacking.length > 0 && lacking.length === ends.length) throw new RequestError(sentences.join("\n"), { status: 404 });
  for (const sentence of sentences) terminal.notice(cleanText(`${sentence}\n`));
}

/** Throws for a build that did not end well, when its end was waited for, and where there was nothing to print. */
function judge({ terminal }: Context, buildId: number, ends: readonly LogEnd[], isFollowed: boolean): void {
  const missing = ends.filter(({ isMissing }) => isMissing);
  const places = missing.map(({ chroot, state }) => `${chroot} (${state})`).join(", ");
  const sentence = `Build ${buildId} has no ${missing[0]?.log} in ${places}.`;
  if (!isFollowed && missing.length > 0 && missing.length === ends.length) throw new RequestError(sentence, { status: 404 });
  if (missing.length > 0) terminal.notice(cleanText(`${sentence}\n`));
  if (!isFollowed) return;
  const failed = ends.filter(({ state }) => state === "failed").map(({ chroot }) => chroot);
  const canceled = ends.filter(({ state }) => state === "canceled").map(({ chroot }) => chroot);
  const sentences = [
    failed.length > 0 ? `Build ${buildId} failed in ${failed.join(", ")}.` : "",
    canceled.length > 0 ? `Build ${buildId} was canceled in ${canceled.join(", ")}.` : "",
  ].filter(Boolean);
  if (sentences.length > 0) throw new BuildError(sentences.join(" "), { wasCanceled: failed.length === 0 });
}

const MOST_LINES = 1_000_000;

function count(value: string): number {
  if (!/^\d{1,7}$/.test(value) || Number(value) > MOST_LINES)
    throw new InvalidArgumentError(`It is no number of lines up to ${MOST_LINES}.`);
  return Number(value);
}

function offset(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError("It is no number of bytes.");
  return Number(value);
}
