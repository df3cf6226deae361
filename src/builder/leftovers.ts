import { endProcesses } from "../core/process.ts";
import { type ProcessInfo, processesWithVariable } from "../core/process-table.ts";
import { markVariable } from "./environment.ts";

/** Ends every process a task started, also those that left its process groups. Resolves to those that would not end. */
export async function endTaskProcesses(mark: string, { isGentle = false } = {}): Promise<ProcessInfo[]> {
  const signals = isGentle ? (["SIGINT", "SIGTERM", "SIGKILL"] as const) : (["SIGTERM", "SIGKILL"] as const);
  // mock answers INT by unmounting its chroot, so a killed builder's mock gets that chance first.
  return endProcesses(() => processesWithVariable(markVariable, mark), { signals, graceMs: isGentle ? 5000 : 2000 });
}
