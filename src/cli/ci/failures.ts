import { listBuildChroots, getBuild } from "../../core/api/index.ts";
import { type BuildRecord, buildRecord, type ChrootRecord } from "../../core/builds/build-record.ts";
import type { Context } from "../context.ts";
import type { CauseRecord } from "../explain/cause-record.ts";
import { causesOf } from "../waiting/causes.ts";

/** A chroot in which a build failed, and why; `srpm-builds` where there is no source package. */
export interface Failure {
  build: BuildRecord;
  chroot: string;
  /** Undefined when its logs can't be had. */
  cause: CauseRecord | undefined;
  /** Page or log that shows more. */
  url: string;
}

/** How a build ended. */
export interface Ending {
  build: BuildRecord;
  failures: Failure[];
}

/** A finished build, with the causes of its failure. */
export async function endingOf(context: Context, coprUrl: string, id: number): Promise<Ending> {
  const transport = await context.transport();
  const build = buildRecord(coprUrl, await getBuild(transport, id), await listBuildChroots(transport, id));
  if (build.state !== "failed") return { build, failures: [] };
  const causes = await causesOf(context, id);
  const failed = build.chroots.filter(({ state }) => state === "failed");
  const inChroots = failed.map(({ name, log_url }) => failure(build, name, causes, log_url));
  // Without a source package nothing began in a chroot, whatever the frontend calls its state.
  const others = causes.filter(({ chroot }) => failed.every(({ name }) => name !== chroot && !isOf(causes, name, chroot)));
  const failures = others.length > 0 ? others.map(({ chroot }) => failure(build, chroot, causes, null)) : inChroots;
  return { build, failures: failures.length > 0 ? failures : [failure(build, "srpm-builds", causes, null)] };
}

function isOf(causes: readonly CauseRecord[], name: string, chroot: string): boolean {
  return causes.some((cause) => cause.chroot === chroot && cause.same_in.includes(name));
}

function failure(build: BuildRecord, chroot: string, causes: readonly CauseRecord[], logUrl: ChrootRecord["log_url"]): Failure {
  const cause = causes.find((one) => one.chroot === chroot || one.same_in.includes(chroot));
  const own = cause && { ...cause, chroot, same_in: [], more: `copr-cli logs ${build.id} -r ${chroot}` };
  return { build, chroot, cause: own, url: logUrl ?? build.url };
}
