import { CoprError } from "../../core/errors.ts";
import { endProcesses } from "../../core/process/signals.ts";
import {
  allProcesses,
  commandLineOf,
  isOfThisSystem,
  parentOf,
  type ProcessInfo,
  processesNamingVariable,
  processesWithVariable,
  type ProcessWithVariables,
} from "../../core/process/table.ts";
import type { BuilderHost } from "../options.ts";
import { readStatus } from "../state/status.ts";
import { markVariable } from "../task/environment.ts";
import type { Orphan, Sweep } from "./orphan.ts";

/** The keeper of a living task: it is there before any other process of the task, and goes after them. */
export interface LivingKeeper {
  mark: string;
  /** Of the task's builder process. */
  builderPid: number;
}

/** The keepers of all tasks of this machine, also of other state directories. */
export function livingKeepers(): LivingKeeper[] {
  return allProcesses().flatMap(({ pid }) => {
    const words = commandLineOf(pid);
    // Behind a shell while its builder lives.
    const program = words.findIndex((word) => /(^|\/)copr-builder-keeper\.cjs$/.test(word));
    const [, mark = "", builderPid = ""] = words.slice(program + 1);
    return program === -1 ? [] : [{ mark, builderPid: Number(builderPid) }];
  });
}

/**
 * Ends what carries the mark of a task that nobody does any more, and that is not the last task of a slot (see slot.ts
 * for those): of a task before, as its home directory tells, or of one that nothing tells of.
 */
export async function sweepProcesses({ slots }: BuilderHost, sweep: Sweep): Promise<void> {
  // In this order: a task writes its mark down and starts its keeper before anything carries the mark.
  const found = processesNamingVariable(markVariable).filter(({ pid }) => isOfThisSystem(pid));
  const told = await Promise.all(slots.map(async (slot) => (await readStatus(slot).catch(() => undefined))?.mark));
  const living = new Set([process.env[markVariable], ...told, ...livingKeepers().map(({ mark }) => mark)]);
  for (const mark of new Set(found.map(markOf))) {
    if (!isMark(mark) || living.has(mark)) continue;
    const members = found.filter((one) => markOf(one) === mark);
    const homes = members.map(({ variables }) => variables.get("HOME") ?? "");
    const isOfSlot = homes.some((home) => slots.some(({ workspace }) => home.startsWith(`${workspace}/`)));
    // Of another state directory, whose own clean-up knows more.
    const isOfOther = homes.some((home) => /\/workdir-[^/]+\/home$/.test(home));
    if (!isOfSlot && (isOfOther || !members.every((one) => isAbandoned(one, mark)))) continue;
    await takeProcesses(members, sweep, {
      reason: "its task is over",
      end: () => endProcesses(() => processesWithVariable(markVariable, mark)),
    });
  }
}

function markOf({ variables }: ProcessWithVariables): string {
  return variables.get(markVariable) ?? "";
}

/** Whether nobody lives who has started a process, or others with its mark in between: it has become the system's. */
function isAbandoned({ pid }: ProcessInfo, mark: string): boolean {
  const marked = new Set(processesWithVariable(markVariable, mark).map((one) => one.pid));
  let parent = parentOf(pid);
  while (parent !== undefined && marked.has(parent)) parent = parentOf(parent);
  return parent === undefined || parent <= 1 || commandLineOf(parent)[0]?.endsWith("/systemd") === true;
}

/** Offers processes that are ended together. */
export async function takeProcesses(
  members: readonly ProcessInfo[],
  sweep: Sweep,
  { end, ...about }: Pick<Orphan, "reason" | "slot"> & { end: () => Promise<ProcessInfo[]> },
): Promise<void> {
  let ending: Promise<ProcessInfo[]> | undefined;
  // All names before the first of them ends.
  const names = new Map(members.map(({ pid }) => [pid, commandLineOf(pid).join(" ").slice(0, LONGEST_NAME) || "?"]));
  for (const [pid, name] of names) {
    const remove = async (): Promise<void> => {
      ending ??= end();
      if ((await ending).some((one) => one.pid === pid)) throw new CoprError("It does not end, not even by SIGKILL");
    };
    await sweep.take({ ...about, kind: "process", name, pid, remove });
  }
}

const LONGEST_NAME = 200;

/** Whether a text is the mark of a task: upstream has none, and a task that could not begin has an empty one. */
export function isMark(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** Whether one of our programs that do tasks, or upstream's, has this number. */
export function looksLikeBuilder(pid: number): boolean {
  return commandLineOf(pid)
    .slice(0, 3)
    .some((word) => /(^|\/)copr-(rpmbuild|builder)(\.js)?$/.test(word));
}
