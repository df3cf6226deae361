import { listBuildChroots } from "../api/build-chroots.ts";
import { getBuild } from "../api/builds.ts";
import type { Build } from "../api/types.ts";
import { explainLog } from "../explain/explain.ts";
import type { ExplainedLog, Explanation } from "../explain/explanation.ts";
import { followFile } from "../http/followed-file.ts";
import type { Transport } from "../http/transport.ts";
import { type BuildPart, BuildSight, chrootPart, SOURCE } from "./build-sight.ts";
import { LIVE_LOG, liveLogUrl } from "./build-record.ts";

/** Why a build failed in some of its chroots. */
export interface FailureCause {
  /** The chroot that was looked at, `srpm-builds` for the source package. */
  chroot: string;
  /** Others that failed in the same way. */
  sameIn: string[];
  /** How long the build had lasted there, seconds; null when the frontend does not say. */
  seconds: number | null;
  /** Address of the log that has everything; null when there is no result directory. */
  logUrl: string | null;
  explanation: Explanation;
}

/** A build, and the causes of its failure; none when it has not failed. */
export interface ExplainedBuild {
  build: Build;
  causes: FailureCause[];
}

/**
 * Finds why a build failed, from the logs of each chroot in which it did, those with the same cause together. Throws what the
 * frontend says of a build it does not know, and RequestError when a log can't be read.
 */
export async function explainBuild(
  transport: Transport,
  id: number,
  { chroot, signal }: { chroot?: string | undefined; signal?: AbortSignal } = {},
): Promise<ExplainedBuild> {
  const build = await getBuild(transport, id);
  const times = new Map<string, number>();
  const parts = (await failedParts(transport, build, times)).filter(({ name }) => chroot === undefined || name === chroot);
  const causes: FailureCause[] = [];
  for (const { name, resultUrl } of parts) {
    const explanation = await explainPart(transport, resultUrl, signal);
    const same = causes.find((cause) => isSame(cause.explanation, explanation));
    if (same) same.sameIn.push(name);
    else causes.push({ chroot: name, sameIn: [], seconds: times.get(name) ?? null, logUrl: liveLogUrl(resultUrl, "failed"), explanation });
  }
  return { build, causes };
}

async function failedParts(transport: Transport, build: Build, times: Map<string, number>): Promise<BuildPart[]> {
  const chroots = await listBuildChroots(transport, build.id);
  const failed = chroots.filter(({ state }) => state === "failed");
  for (const { name, started_on, ended_on } of failed) {
    if (started_on && ended_on) times.set(name, ended_on - started_on);
  }
  const parts = failed.map(chrootPart);
  if (parts.some(({ resultUrl }) => resultUrl !== null)) return parts;
  if (build.state !== "failed") return [];
  // Nothing was built anywhere: it was the source package.
  return [await new BuildSight(transport, build.id, 0).source()].map((source) => ({ ...source, name: SOURCE }));
}

/** Logs by how near they are to the work. The others are read only when those do not tell. */
const nearLogs = ["build.log", "root.log"];
const farLogs = [LIVE_LOG, "backend.log"];

async function explainPart(transport: Transport, resultUrl: string | null, signal: AbortSignal | undefined): Promise<Explanation> {
  const options = signal ? { signal } : {};
  const logs = (names: readonly string[]): ExplainedLog[] =>
    resultUrl === null ? [] : names.map((name) => ({ name, open: () => logBytes(transport, `${resultUrl}${name}`, signal) }));
  const near = await explainLog(logs(nearLogs), options);
  if (near.lines.length > 0) return near;
  const far = await explainLog(logs([...nearLogs, ...farLogs]), options);
  return far.category === null ? near : far;
}

async function* logBytes(transport: Transport, url: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  for await (const event of followFile(transport, url, { signal })) {
    if (event.kind === "bytes") yield event.bytes;
  }
}

function isSame(one: Explanation, other: Explanation): boolean {
  if (one.phase !== other.phase || one.category !== other.category || one.rule !== other.rule) return false;
  return JSON.stringify(one.facts) === JSON.stringify(other.facts) || textOf(one) === textOf(other);
}

/** The first line, without what differs from one architecture or run to the next. */
function textOf({ lines, tail }: Explanation): string {
  return ((lines[0] ?? tail.at(-1))?.text ?? "").replace(/\b(x86_64|aarch64|ppc64le|s390x|i[36]86|armv7hl|riscv64|noarch)\b|\d+/g, "");
}
