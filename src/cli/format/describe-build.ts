import type { BuildRecord } from "../../core/builds/build-record.ts";
import { cleanLine } from "../../core/text/clean-text.ts";
import { duration } from "./duration.ts";
import { localTime } from "./local-time.ts";
import { colorState } from "./state-color.ts";

/** A build with its chroots, for people. */
export function describeBuild(build: BuildRecord, hasColor: boolean): string {
  const name = [build.package, build.version].filter(Boolean).join("-") || "a package whose name is not known yet";
  const times = [
    build.submitted_on === null ? "" : `submitted ${localTime(build.submitted_on)}`,
    build.started_on === null ? "" : `started ${localTime(build.started_on)}`,
    build.ended_on === null ? "" : `ended ${localTime(build.ended_on)}`,
  ].filter(Boolean);
  const width = Math.max(0, ...build.chroots.map((chroot) => cleanLine(chroot.name).length));
  const chroots = build.chroots.map(({ name: chroot, state, started_on, ended_on, log_url }) => {
    const time = started_on === null ? "" : ` ${duration((ended_on ?? Date.now() / 1000) - started_on)}`;
    const log = state === "failed" && log_url !== null ? `  ${cleanLine(log_url)}` : "";
    return `  ${cleanLine(chroot).padEnd(width)}  ${colorState(state, hasColor)}${time}${log}\n`;
  });
  const head = cleanLine(`Build ${build.id} of ${build.project}: ${name}`);
  return `${head}\n${[colorState(build.state, hasColor), ...times].join(", ")}\n${cleanLine(build.url)}\n${chroots.join("")}`;
}
