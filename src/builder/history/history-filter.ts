import { globMatcher } from "../../core/text/glob.ts";
import { hasEnded, type HistoryRecord } from "./history-record.ts";

/** Which tasks of a history are meant; what is left out limits nothing. */
export interface HistoryFilter {
  /** Final states, or `running` for all others. */
  state?: readonly string[];
  /** Epoch seconds: began then or later. */
  since?: number;
  /** Id of a task, or the number of a build. */
  task?: string;
  /** Name of a package, or a glob pattern. */
  package?: string;
}

/** Tells whether a task is one of those that are meant. */
export function historyFilter({ state, since, task, package: pattern }: HistoryFilter): (record: HistoryRecord) => boolean {
  const isOfPackage = pattern === undefined ? undefined : globMatcher(pattern);
  return (record) => {
    if (state && !state.includes(hasEnded(record) ? record.state : "running")) return false;
    if (since !== undefined && record.started_on < since) return false;
    if (task !== undefined && record.task_id !== task && record.task_id?.split("-", 1)[0] !== task) return false;
    return isOfPackage === undefined || (record.package !== null && isOfPackage(record.package));
  };
}
