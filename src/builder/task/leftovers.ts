import { endProcesses } from "../../core/process/signals.ts";
import { type ProcessInfo, processesOfGroup, processesWithVariable } from "../../core/process/table.ts";
import { isTerminalHolder } from "../../core/process/terminal.ts";
import { markVariable } from "./environment.ts";
import type { TaskStatus } from "../state/status.ts";

/** What of a task's status leads to its processes. Nothing carries its mark that is older than its builder. */
export type TaskTrace = Pick<TaskStatus, "mark" | "program" | "pid_start_time">;

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
