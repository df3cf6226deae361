import { type Build, listBuildChroots } from "../../core/api/index.ts";
import { type BuildRecord, buildRecord, buildUrl } from "../../core/builds/build-record.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { noteSeen, seenBuild } from "../seen-builds.ts";
import { waitForBuilds, type WaitingOptions, type WaitingOutput, waitingPrinting } from "./wait.ts";

/** Builds that a command submits one after the other. */
export interface Submission {
  /** Tells people something on the way. */
  note(text: string): void;
  /** Takes note of a build that was made, and tells it at once where somebody reads events. */
  created(build: Build): void;
  /** Something failed: what was made so far runs, and is told. */
  abandoned(): Promise<void>;
  /** Tells what was submitted, in the words scripts look for, and waits unless told not to. Throws BuildError as a watch does. */
  done(): Promise<void>;
}

/** Throws UsageError when the options are wrong, before anything is submitted. */
export async function openSubmission(context: Context, options: WaitingOptions & { nowait?: boolean }): Promise<Submission> {
  const output = waitingPrinting.open(context.terminal, options);
  const { coprUrl } = await context.config();
  const builds: Build[] = [];
  return {
    note: (text) => output.note(text),
    created(build) {
      builds.push(build);
      if (output.format !== "jsonl") return;
      const project = `${build.ownername}/${build.projectname}`;
      void output.record({ event: "created", build: build.id, project, url: buildUrl(coprUrl, build.id) });
    },
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
      if (!options.nowait) await waitForBuilds(context, output, ids, options);
      else if (output.format === "json") await printBuilds(context, output, builds, coprUrl);
    },
  };
}

/** As they stand now. They were made, so nothing that fails here may hide their numbers. */
async function printBuilds(context: Context, output: WaitingOutput, builds: readonly Build[], coprUrl: string): Promise<void> {
  const transport = await context.transport();
  const records: BuildRecord[] = [];
  for (const build of builds) {
    records.push(buildRecord(coprUrl, build, await listBuildChroots(transport, build.id).catch(() => undefined)));
  }
  output.document("builds", records);
}
