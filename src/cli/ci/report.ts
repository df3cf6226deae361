import { appendFile } from "node:fs/promises";
import { BuildError, CoprError, describeFileError, isOutsideError } from "../../core/errors.ts";
import { cleanLine, cleanText } from "../../core/text/clean-text.ts";
import { withoutKnownSecrets } from "../../core/text/known-secrets.ts";
import type { Context } from "../context.ts";
import { describeCause } from "../explain/describe-cause.ts";
import { type Ending, endingOf, type Failure } from "./failures.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { markdownSummary } from "./summary.ts";
import type { CiSystem } from "./system.ts";

/** Who is told of a wait for builds, and where. */
export interface CiReport {
  system: CiSystem;
  /** Where the marks go: scripts read standard output, so it gets them only if they asked for it. */
  stream: "out" | "error";
  ids: readonly number[];
}

/** Waits inside a group of the log, and tells the failures and the summary afterwards. Throws what the wait throws. */
export async function reportWait(context: Context, report: CiReport, wait: () => Promise<void>): Promise<void> {
  const { terminal, interrupted } = context;
  const [begin, end] = marks(report);
  terminal.guardCommands();
  terminal.command(begin, report.stream);
  let failure: unknown;
  try {
    await wait();
  } catch (error) {
    failure = error;
  }
  terminal.command(end, report.stream);
  const isOver = failure === undefined || failure instanceof BuildError;
  if (isOver && !interrupted.aborted) await tellEndings(context, report);
  if (failure !== undefined) throw failure;
}

function marks({ system, ids }: CiReport): [begin: string, end: string] {
  const title = `Copr ${ids.length === 1 ? "build" : "builds"} ${ids.join(", ")}`;
  if (system === "github") return [github.beginGroup(title), github.endGroup()];
  const name = `copr_build_${ids[0]}`;
  return [gitlab.beginSection(name, title), gitlab.endSection(name)];
}

/** The builds are what matters: that they can't be told of is said, and changes no exit status. */
async function tellEndings(context: Context, report: CiReport): Promise<void> {
  const { coprUrl } = await context.config();
  const endings: Ending[] = [];
  try {
    for (const id of report.ids) {
      const ending = await endingOf(context, coprUrl, id);
      endings.push(ending);
      for (const failure of ending.failures) tellFailure(context, report, failure);
    }
    const path = process.env["GITHUB_STEP_SUMMARY"];
    if (report.system === "github" && path) await appendFile(path, withoutKnownSecrets(markdownSummary(endings)));
  } catch (error) {
    if (!(error instanceof CoprError) && !isOutsideError(error)) throw error;
    const reason = error instanceof CoprError ? error.message : describeFileError(error);
    context.terminal.error(cleanText(`The job's summary is not complete: ${reason}\n`));
  }
}

function tellFailure({ terminal }: Context, { system, stream }: CiReport, { build, chroot, cause, url }: Failure): void {
  const name = [build.package, build.version].filter(Boolean).join("-") || `Build ${build.id}`;
  const title = cleanLine(`${name} failed in ${chroot}`);
  const text = cleanText(`${cause ? describeCause(cause, false) : `${title}\n`}  ${url}\n`);
  if (system === "github") terminal.command(github.error(title, text.trimEnd()), stream);
  else terminal[stream](text);
}
