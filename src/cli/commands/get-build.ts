import { Argument, Command } from "commander";
import { getBuild as requestBuild, listBuildChroots } from "../../core/api/index.ts";
import { type BuildRecord, buildRecord } from "../../core/builds/build-record.ts";
import type { Context } from "../context.ts";
import { describeBuild } from "../format/describe-build.ts";
import { integer } from "../options/values.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { noteSeen, seenBuild } from "../seen-builds.ts";
import { buildRecordFields } from "../output/shapes/build.ts";

const printed = printing<BuildRecord>({ fields: buildRecordFields, text: describeBuild });

/** `get-build`: one build with its chroots. */
export function getBuild(context: Context): Command {
  const command = new Command("get-build")
    .helpGroup("Builds:")
    .summary("show a build and how it stands in each chroot")
    .addArgument(new Argument("<build_id>", "number of the build").argParser(integer));
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExamples:\n  copr-cli get-build 1234567\n  copr-cli get-build 1234567 --json | jq '.chroots[].state'")
    .action(async (id: number, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const { coprUrl } = await context.config();
      const transport = await context.transport();
      const build = await requestBuild(transport, id);
      await output.record(buildRecord(coprUrl, build, await listBuildChroots(transport, id)));
      await noteSeen(context, [seenBuild(build)]);
    });
}
