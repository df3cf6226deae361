import { Command } from "commander";
import { getBuild as requestBuild, listBuildChroots } from "../../core/api/index.ts";
import { type BuildRecord, buildRecord } from "../../core/builds/build-record.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { duration } from "../format/duration.ts";
import { localTime } from "../format/local-time.ts";
import { colorState } from "../format/state-color.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { buildRecordFields } from "../output/shapes/build.ts";

const printed = printing<BuildRecord>({ fields: buildRecordFields, text: describe });

/** `get-build`: one build with its chroots. */
export function getBuild(context: Context): Command {
  const command = new Command("get-build")
    .helpGroup("Builds:")
    .summary("show a build and how it stands in each chroot")
    .argument("<build_id>", "number of the build");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExamples:\n  copr-cli get-build 1234567\n  copr-cli get-build 1234567 --json | jq '.chroots[].state'")
    .action(async (id: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const { coprUrl } = await context.config();
      const transport = await context.transport();
      const build = await requestBuild(transport, id);
      await output.record(buildRecord(coprUrl, build, await listBuildChroots(transport, id)));
    });
}

function describe(build: BuildRecord, hasColor: boolean): string {
  const name = [build.package, build.version].filter(Boolean).join("-") || "a package whose name is not known yet";
  const times = [
    `submitted ${localTime(build.submitted_on)}`,
    build.started_on === null ? "" : `started ${localTime(build.started_on)}`,
    build.ended_on === null ? "" : `ended ${localTime(build.ended_on)}`,
  ].filter(Boolean);
  const width = Math.max(0, ...build.chroots.map((chroot) => chroot.name.length));
  const chroots = build.chroots.map(({ name: chroot, state, started_on, ended_on, log_url }) => {
    const time = started_on === null ? "" : ` ${duration((ended_on ?? Date.now() / 1000) - started_on)}`;
    const log = state === "failed" && log_url !== null ? `  ${cleanText(log_url)}` : "";
    return `  ${cleanText(chroot).padEnd(width)}  ${colorState(state, hasColor)}${time}${log}\n`;
  });
  const head = `Build ${build.id} of ${build.project}: ${name}\n`;
  return `${cleanText(head)}${colorState(build.state, hasColor)}, ${times.join(", ")}\n${cleanText(build.url)}\n${chroots.join("")}`;
}
