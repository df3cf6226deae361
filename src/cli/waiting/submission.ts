import { type Build, type BuildOptions, type BuildTarget, listBuildChroots } from "../../core/api/index.ts";
import { createdEvent } from "../../core/builds/build-events.ts";
import { type BuildRecord, buildRecord, buildUrl } from "../../core/builds/build-record.ts";
import type { SentSource } from "../../core/builds/sent-source.ts";
import type { SentBuild } from "../../core/builds/submit-once.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { DEFAULT_POLL_INTERVAL } from "../options/watch.ts";
import { noteSeen, seenBuild } from "../seen-builds.ts";
import { type WaitingOutput, waitingPrinting } from "./printing.ts";
import { waitForBuilds, type WaitingOptions } from "./wait.ts";

/** Builds that a command submits one after the other. */
export interface Submission {
  /** Tells people something on the way. */
  note(text: string): void;
  /** Waits for the build that has to succeed first, if there is one. Throws BuildError when it does not: nothing may be submitted. */
  ready(): Promise<void>;
  /** Submits a build, once, also when the connection breaks on the way; takes note of it as `created` does. */
  submit(target: BuildTarget & BuildOptions, source: SentSource, send: () => Promise<Build>): Promise<void>;
  /** Takes note of a build that was made, and tells it at once where somebody reads events. */
  created(build: Build): void;
  /** Something failed: what was made so far runs, and is told. */
  abandoned(): Promise<void>;
  /** Tells what was submitted, in the words scripts look for, and waits unless told not to. Throws BuildError as a watch does. */
  done(): Promise<void>;
}

interface SubmissionOptions extends WaitingOptions {
  nowait?: boolean;
  /** Number of a build that has to succeed first. */
  afterSuccess?: number;
}

/** Throws UsageError when the options are wrong, before anything is submitted. */
export async function openSubmission(context: Context, options: SubmissionOptions): Promise<Submission> {
  const output = waitingPrinting.open(context.terminal, options);
  const { coprUrl } = await context.config();
  const builds: Build[] = [];
  const created = (build: Build): void => {
    builds.push(build);
    if (output.format === "jsonl") void output.record(createdEvent(coprUrl, build));
  };
  return {
    note: (text) => output.note(text),
    async ready() {
      if (options.afterSuccess === undefined) return;
      // Not to be told hours later that nobody is logged in.
      await context.authenticated();
      const { waitForSuccess } = await import("./after-success.ts");
      await waitForSuccess(context, output, options.afterSuccess, (options.pollInterval ?? DEFAULT_POLL_INTERVAL) * 1000);
    },
    async submit(target, source, send) {
      const { ownername, projectname, project_dirname: dirname, chroots, exclude_chroots: excludedChroots } = target;
      // Commands that submit nothing would load the HTTP library with it.
      const { submitOnce } = await import("../../core/builds/submit-once.ts");
      const sent: SentBuild = {
        project: { ownername, projectname },
        dirname,
        source,
        chroots,
        excludedChroots,
        submitter: () => context.username(),
        others: new Set(builds.map(({ id }) => id)),
      };
      created(
        await submitOnce(await context.transport(), sent, send, { signal: context.interrupted, onTrouble: tellTrouble(context, output) }),
      );
    },
    created,
    async abandoned() {
      if (builds.length === 0) return;
      await noteSeen(context, builds.map(seenBuild));
      if (output.format === "json") await printBuilds(context, output, builds, coprUrl);
      // Scripts know nothing of such a line: it is for people.
      else if (!output.isData && context.terminal.showsProgress)
        context.terminal.error(cleanText(`Builds already created: ${builds.map(({ id }) => id).join(", ")}\n`));
    },
    async done() {
      const ids = builds.map(({ id }) => id);
      await noteSeen(context, builds.map(seenBuild));
      const links = ids.map((id) => `  ${buildUrl(coprUrl, id)}\n`).join("");
      output.note(cleanText(`Build was added to ${builds[0]?.projectname}:\n${links}Created builds: ${ids.join(" ")}\n`));
      const made = builds.map((build) => buildRecord(coprUrl, build));
      if (!options.nowait) await waitForBuilds(context, output, ids, options, made);
      else if (output.format === "json") await printBuilds(context, output, builds, coprUrl);
    },
  };
}

/** Scripts know nothing of such a line: it is for people. */
function tellTrouble({ terminal }: Context, { isData }: WaitingOutput): (reason: string) => void {
  return (reason) => {
    if (!isData && terminal.showsProgress) terminal.error(cleanText(`${reason} Looking for the build.\n`));
  };
}

/** Prints builds as they stand now. They were made, so nothing that fails here may hide their numbers. */
export async function printBuilds(context: Context, output: WaitingOutput, builds: readonly Build[], coprUrl: string): Promise<void> {
  const transport = await context.transport();
  const records: BuildRecord[] = [];
  for (const build of builds) {
    records.push(buildRecord(coprUrl, build, await listBuildChroots(transport, build.id).catch(() => undefined)));
  }
  output.document("builds", records);
}
