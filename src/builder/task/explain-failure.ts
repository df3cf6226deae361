import { logsIn } from "../../core/builds/local-logs.ts";
import { explainLog } from "../../core/explain/explain.ts";
import type { ExplainedLog, Explanation } from "../../core/explain/explanation.ts";
import { places } from "../../core/explain/places.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { TaskCause } from "../state/status.ts";

/** Where the reason of a failure may be found. */
export interface FailedTask {
  /** It took too long: only the live log tells that. */
  isTimedOut: boolean;
  /** The result directory, swept. */
  results: string;
  /** The live log so far. */
  liveLog: () => AsyncIterable<Uint8Array>;
  /** The line that is going to end the live log. */
  lastLine: string;
  signal: AbortSignal;
}

/** A cause, and what the log tells of it. */
export interface ExplainedFailure {
  cause: TaskCause;
  /** Each one line. */
  lines: string[];
}

/** A longer line is cut: the log has it whole. */
const MAX_CHARACTERS = 500;
/** What mock and the host's rpmbuild leave; a package may leave others, which tell of no build. */
const tellingLogs: ReadonlySet<string> = new Set(["build.log", "root.log"]);

/** Finds out why a task failed, from its own logs; undefined where they do not say. Throws the reason of the signal. */
export async function explainFailure({
  isTimedOut,
  results,
  liveLog,
  lastLine,
  signal,
}: FailedTask): Promise<ExplainedFailure | undefined> {
  const near = (await logsIn(results).catch(() => [])).filter(({ name }) => tellingLogs.has(name));
  // The logs of the results first: the live log may have a gap, and says the same again.
  const found = isTimedOut ? undefined : await explained(near, signal);
  if (found !== undefined) return found;
  const live = { name: "builder-live.log", open: () => withLastLine(liveLog(), lastLine) };
  const other = await explained([...near, live], signal);
  // What the last line says anyway is no news.
  return other?.cause.lines[0]?.text === inOneLine(lastLine) ? undefined : other;
}

async function explained(logs: ExplainedLog[], signal: AbortSignal): Promise<ExplainedFailure | undefined> {
  const explanation = await explainLog(logs, { signal });
  const { phase, category, rule, lines, advice } = explanation;
  if (lines.length === 0 || category === null || rule === null) return undefined;
  const cause = {
    phase,
    category,
    rule,
    lines: lines.map(({ file, line, text }) => ({ file, line, text: inOneLine(text) })),
    advice: advice === null ? null : inOneLine(advice),
  };
  return { cause, lines: tell(explanation) };
}

async function* withLastLine(log: AsyncIterable<Uint8Array>, lastLine: string): AsyncGenerator<Uint8Array> {
  yield* log;
  yield Buffer.from(`${lastLine}\n`);
}

function tell({ phase, category, lines: [first], advice }: Explanation): string[] {
  const place = phase === null ? "" : ` ${places[phase]}`;
  const cause = `Cause: ${category}${place}: ${inOneLine(first?.text ?? "")}`;
  return advice === null ? [cause] : [cause, `Advice: ${inOneLine(advice)}`];
}

function inOneLine(text: string): string {
  const line = cleanText(text).replace(/\s+/g, " ").trim();
  return line.length > MAX_CHARACTERS
    ? `${line
        .slice(0, MAX_CHARACTERS)
        .replace(/[\ud800-\udbff]$/, "")
        .trimEnd()}…`
    : line;
}
