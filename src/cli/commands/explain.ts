import { stat } from "node:fs/promises";
import { Command } from "commander";
import { CoprError, describeFileError, UsageError } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { noteSeen, seenBuild } from "../seen-builds.ts";
import { type CauseRecord, causeFields, type ExplanationDocument } from "../explain/cause-record.ts";
import { type OutputOptions, printing } from "../output/output.ts";

const printed = printing<CauseRecord & Partial<ExplanationDocument>>({
  fields: { ...causeFields, others: "known" },
});

interface ExplainOptions extends OutputOptions {
  chroot?: string;
}

/** `explain`: why a build failed, or what logs on a disk say of that. */
export function explain(context: Context): Command {
  const command = new Command("explain")
    .helpGroup("Builds:")
    .summary("find out why a build failed")
    .argument("<build_or_path...>", "number of the build; or logs on this machine: files, or a directory of results")
    .option("-r, --chroot <chroot>", "look only at this chroot, srpm-builds for the source package");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nReads the logs and looks for known failures; with logs on this machine it asks no server and needs no configuration. " +
        "It says so when it finds no cause.\n\nExamples:\n  copr-cli explain 1234567\n  copr-cli explain results/fedora-rawhide-x86_64",
    )
    .action(async (words: string[], options: ExplainOptions) => {
      const output = printed.open(context.terminal, options);
      const causes = await causesOf(context, words, options);
      const [first, ...others] = causes;
      if (first === undefined) return;
      if (output.format === "json") return output.record({ ...first, others });
      if (output.format !== "text" || output.isChosen) return output.records(causes);
      const { describeCause } = await import("../explain/describe-cause.ts");
      context.terminal.out(causes.map((cause) => describeCause(cause, context.terminal.hasColor)).join("\n"));
    });
}

async function causesOf(context: Context, words: readonly string[], { chroot }: ExplainOptions): Promise<CauseRecord[]> {
  const [word] = words as [string];
  if (words.length > 1 || !/^\d+$/.test(word)) return localCauses(words);
  const [{ explainBuild }, { buildCause }] = await Promise.all([
    import("../../core/builds/explain-build.ts"),
    import("../explain/cause-record.ts"),
  ]);
  const { build, causes } = await explainBuild(await context.transport(), Number(word), { chroot, signal: context.interrupted });
  await noteSeen(context, [seenBuild(build)]);
  if (causes.length === 0) {
    const place = chroot === undefined ? "" : ` in ${chroot}`;
    throw new CoprError(cleanText(`Build ${word} has not failed${place}: its state is ${build.state}`));
  }
  return causes.map((cause) => buildCause(build, cause));
}

async function localCauses(paths: readonly string[]): Promise<CauseRecord[]> {
  const [{ explainLog }, { localLog, localLogs }, { localCause }] = await Promise.all([
    import("../../core/explain/explain.ts"),
    import("../../core/builds/local-logs.ts"),
    import("../explain/cause-record.ts"),
  ]);
  const directories: string[] = [];
  const files: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch((cause: unknown) => {
      throw new UsageError(`Cannot read '${path}': ${describeFileError(cause)}`, {
        hint: "Name a build by its number, or logs by their path.",
      });
    });
    (info.isDirectory() ? directories : files).push(path);
  }
  const places = files.length > 0 ? [{ path: files.length === 1 ? (files[0] as string) : ".", logs: files.map(localLog) }] : [];
  for (const directory of directories) {
    const found = await localLogs(directory);
    if (found.length === 0) throw new CoprError(`There are no logs in '${directory}'`);
    places.push(...found);
  }
  const causes: CauseRecord[] = [];
  for (const { path, logs } of places) causes.push(localCause(path, await explainLog(logs)));
  return causes;
}
