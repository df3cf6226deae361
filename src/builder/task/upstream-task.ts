import { lstat } from "node:fs/promises";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { endProcesses } from "../../core/process/signals.ts";
import { commandLineOf, type ProcessInfo, processesOfGroup, readProcess, startedAtMs } from "../../core/process/table.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { ownersOnly } from "../state/task-owner.ts";

/** What became of the task that was to be ended. */
export interface EndedTask {
  /** `nothing`: none was running. `stuck`: it is still there. */
  outcome: "ended" | "nothing" | "stuck";
  /** Number of the process that did it, or did the last one; undefined where there is no trace of any. */
  pid: number | undefined;
  taskId: string | null;
}

/** The clock of processes is this exact. */
const CLOCK_ERROR_MS = 3000;
/** Upstream's program cleans its chroot up after INT. */
const CLEAN_UP_MS = 20_000;

/**
 * Ends a task of upstream's copr-rpmbuild, which leaves nothing but the number of its process group. Numbers are used
 * again, so it must be a group that was there when the file was written and in which copr-rpmbuild or mock runs.
 */
export async function endUpstreamTask({ pid: path }: StateDirectory, warn: (text: string) => void): Promise<EndedTask> {
  const group = await readGroup(path, warn);
  const result = (outcome: EndedTask["outcome"]): EndedTask => ({ outcome, pid: group, taskId: null });
  if (group === undefined) return result("nothing");
  const mayEnd = await ownersOnly(path);
  const find = (): ProcessInfo[] => processesOfGroup(group).filter((one) => one.pid !== process.pid && mayEnd(one));
  const found = find();
  if (found.length === 0) return result("nothing");
  if (readProcess(process.pid)?.processGroup === group || !isUpstream(found, (await lstat(path)).mtimeMs)) {
    warn(`The process group ${group} is not one of copr-rpmbuild, so it is left alone`);
    return result("nothing");
  }
  await endProcesses(find, { signals: ["SIGINT"], graceMs: CLEAN_UP_MS });
  const remaining = await endProcesses(find, { graceMs: 5000 });
  if (remaining.length > 0) warn(`These processes would not end: ${remaining.map(({ pid }) => pid).join(", ")}`);
  return result(remaining.length > 0 ? "stuck" : "ended");
}

/** Whether a task of upstream's copr-rpmbuild runs in a slot: its lock is none for us. */
export async function hasUpstreamTask({ pid: path }: StateDirectory): Promise<boolean> {
  const group = await readGroup(path, () => undefined);
  if (group === undefined) return false;
  const written = await lstat(path).catch(() => undefined);
  return written !== undefined && isUpstream(processesOfGroup(group), written.mtimeMs);
}

async function readGroup(path: string, warn: (text: string) => void): Promise<number | undefined> {
  if (
    await lstat(path).then(
      () => false,
      () => true,
    )
  )
    return undefined;
  try {
    const text = (await readRegularFile(path, { maxBytes: 100, label: "pid file" })).toString().trim();
    // 0 and 1 would mean ourselves and everybody.
    if (/^\d{1,9}$/.test(text) && Number(text) > 1) return Number(text);
    warn(`The pid file '${path}' holds no number of a process`);
  } catch (error) {
    warn((error as Error).message);
  }
  return undefined;
}

function isUpstream(members: readonly ProcessInfo[], writtenAtMs: number): boolean {
  const wasThere = members.some((one) => startedAtMs(one) <= writtenAtMs + CLOCK_ERROR_MS);
  return (
    wasThere &&
    members.some(({ pid }) =>
      commandLineOf(pid)
        .slice(0, 3)
        .some((word) => /(^|\/)(copr-rpmbuild|mock)$/.test(word)),
    )
  );
}
