import type { CostMeter } from "../cost/cost-meter.ts";
import { bytesOf } from "../cost/amounts.ts";
import type { KernelKill } from "../cost/kernel-log.ts";
import type { TaskCost } from "../cost/task-cost.ts";
import type { TaskCause } from "../state/status.ts";

/** A failed task, as far as it matters for what it may have lacked. */
export interface FailedWork {
  reason: string;
  cause: TaskCause | undefined;
  cost: TaskCost | null;
  meter: Pick<CostMeter, "kills" | "disks"> | undefined;
}

/** From here on memory was short, as far as looking now and then can tell. */
const NEAR_LIMIT = 0.9;
/** A cause that says that something failed, not why. */
const UNEXPLAINED: ReadonlySet<TaskCause["category"]> = new Set(["unknown", "script-failed"]);

/** One sentence about the memory or the room on a disk that a failed task lacked; undefined when it lacked neither. */
export async function shortageOf({ reason, cause, cost, meter }: FailedWork): Promise<string | undefined> {
  if (cause?.category === "disk-full" || /no space left|quota/i.test(reason)) return meter?.disks.tell();
  if (cost === null || meter === undefined) return undefined;
  const text = cause?.category === "out-of-memory" ? (cause.lines[0]?.text ?? "") : undefined;
  const isNear = (cost.peak_memory ?? 0) >= NEAR_LIMIT * cost.memory_limit;
  const killed = whoWasKilled(reason, cause);
  const { isSure, victims } = meter.kills({
    isSuspected: text !== undefined || isNear || killed !== undefined,
    isUnexplained: cause === undefined || UNEXPLAINED.has(cause.category),
  });
  const had = describeMemory(cost, victims);
  const named = killed === "" ? undefined : killed;
  if (victims.length > 0) return `The kernel ended ${namesOf(victims)} for want of memory; the build had ${had}`;
  if (isSure) return `The kernel ended ${named ?? guessOf(cost)} for want of memory; the build had ${had}`;
  if (killed !== undefined) {
    return isNear
      ? `${named ?? "A program"} was killed, most likely by the kernel for want of memory; the build had ${had}`
      : `${named ?? "A program"} was killed; the build had ${had}`;
  }
  if (text === undefined) return undefined;
  const lacking = whoLacked(text);
  if (isNear) return `${lacking ?? capitalized(guessOf(cost))} got no more memory; the build had ${had}`;
  // At a limit of its own a small program may be the one that lacked: the largest is no guess.
  return `${lacking ?? "A program"} got no more memory; the build had ${had}, so a limit that it set itself may be in the way`;
}

function namesOf(victims: readonly KernelKill[]): string {
  const names = [...new Set(victims.map(({ name }) => name))];
  return names.length === 1 ? (names[0] as string) : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * The program that was ended by SIGKILL, as the log or the exit status tells it: 128 + 9. Empty where it has no name, undefined
 * where there was none.
 */
function whoWasKilled(reason: string, cause: TaskCause | undefined): string | undefined {
  const text = cause?.lines[0]?.text ?? "";
  if (cause?.category === "out-of-memory") {
    const [, named] = /(?:Killed signal terminated program|\(program) ([\w+.-]{1,64})/.exec(text) ?? [];
    if (named !== undefined || /SIGKILL|Killed/.test(text)) return named ?? "";
  }
  const [, started] = /: ([\w+.-]{1,64}) ended with 137$/.exec(reason) ?? [];
  if (started !== undefined) return started;
  return reason.endsWith(" ended with 137") || /\b(?:Error|status|code)[: ]+137\b/.test(text) ? "" : undefined;
}

/** The program that says it got no memory. */
function whoLacked(text: string): string | undefined {
  const [, first, second] =
    /(?:^|[\s/])([\w+.-]{1,64}): (?:out of memory allocating|virtual memory exhausted|memory exhausted)|^(?:[^\s:]{0,200}\/)?([\w+.-]{1,64}): .{0,80}annot allocate memory/.exec(
      text,
    ) ?? [];
  return first ?? second;
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The kernel takes the largest as a rule. */
function guessOf({ largest: [first] }: TaskCost): string {
  return first === undefined ? "a program" : `a program, most likely ${first.name},`;
}

/** What the build had when it was short, which the kernel's own words may tell better than looking now and then. */
function describeMemory({ peak_memory: peak, memory_limit: limit }: TaskCost, victims: readonly KernelKill[]): string {
  const highest = Math.max(peak ?? 0, ...victims.map(({ residentBytes, groupBytes = 0 }) => Math.max(residentBytes, groupBytes)));
  return bytesOf(Math.min(highest, limit), limit);
}
