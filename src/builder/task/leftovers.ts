import { endProcesses } from "../../core/process/signals.ts";
import { commandLineOf, type ProcessInfo, processesOfGroup, processesWithVariable, readProcess } from "../../core/process/table.ts";
import { isTerminalHolder } from "../../core/process/terminal.ts";
import { markVariable } from "./environment.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { TaskStatus } from "../state/status.ts";

/** What of a task's status leads to its processes. Nothing carries its mark that is older than its builder. */
export type TaskTrace = Pick<TaskStatus, "mark" | "program" | "pid_start_time">;

/** What leads to the processes of a task whose builder is gone: a number that has become another's does not. */
export function traceOfDead(status: TaskStatus, directory: StateDirectory): TaskTrace {
  const { mark, pid_start_time, program } = status;
  return { mark, pid_start_time, program: isStillItsOwn(status, directory) ? program : null };
}

/**
 * Whether the number of a task's process group is not another's by now. While its leader lives, its time tells; after
 * that, a member has to tell of the task: numbers are used again, from the beginning after each start of the machine.
 */
function isStillItsOwn({ program, mark, chroot }: TaskStatus, { path }: StateDirectory): boolean {
  if (program === null) return false;
  const leader = readProcess(program.process_group);
  if (leader) return leader.startTime === program.start_time;
  const marked = new Set(processesWithVariable(markVariable, mark).map(({ pid }) => pid));
  const told = [path, ...(chroot ? [chroot.unique] : [])];
  return processesOfGroup(program.process_group, program.start_time).some(
    ({ pid }) => marked.has(pid) || commandLineOf(pid).some((word) => told.some((text) => word.includes(text))),
  );
}

/** The processes of a task: the group of its running program, and whatever carries its mark. See `endTaskProcesses`. */
export function taskProcesses({ mark, program, pid_start_time }: TaskTrace, mayEnd: (process: ProcessInfo) => boolean): ProcessInfo[] {
  return [
    ...(program ? processesOfGroup(program.process_group, program.start_time).filter(mayEnd) : []),
    ...processesWithVariable(markVariable, mark, pid_start_time),
  ];
}

/**
 * Ends every process a task started: the group of its running program, and whatever carries its mark, also in
 * sessions of their own. Resolves to those that would not end. `mayEnd` picks among the group's members, whose number
 * alone tells little.
 */
export async function endTaskProcesses(
  task: TaskTrace,
  { isGentle = false, mayEnd = (_process: ProcessInfo): boolean => true } = {},
): Promise<ProcessInfo[]> {
  // mock answers INT by unmounting its chroot, so a killed builder's mock gets that chance first; from its terminal, if it has one.
  const signals = isGentle ? (["SIGINT", "SIGTERM", "SIGKILL"] as const) : (["SIGTERM", "SIGKILL"] as const);
  const { program } = task;
  const find = (): ProcessInfo[] => taskProcesses(task, mayEnd);
  const hasHolder =
    program?.has_terminal === true && taskProcesses({ ...task, program: null }, mayEnd).some(({ pid }) => isTerminalHolder(pid));
  const isSpared = ({ processGroup }: ProcessInfo, signal: NodeJS.Signals): boolean =>
    hasHolder && signal === "SIGINT" && processGroup === program.process_group;
  return endProcesses(find, { signals, graceMs: isGentle ? 5000 : 2000, isSpared });
}
