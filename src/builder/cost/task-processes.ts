import { processNumbers, type ProcessUsage, readUsage } from "../../core/process/usage.ts";
import { hasVariable } from "../../core/process/table.ts";
import { markVariable } from "../task/environment.ts";

/** So many numbers of processes are remembered. */
const MAX_REMEMBERED = 100_000;

/**
 * The processes of a task: what descends from the builder, what is in a session of such a one, and what carries the
 * task's mark. Each process of the machine is looked at once; after that only those of the task are.
 */
export class TaskProcesses {
  readonly #mark: string;
  /** Start times of the task's processes by their pid. */
  #members = new Map<number, number>();
  /** Processes that are none of the task's. */
  #others: Set<number>;
  readonly #seen = new Set<number>();

  /** What runs now is none of the task's. */
  constructor(mark: string) {
    this.#mark = mark;
    this.#others = new Set(processNumbers());
  }

  /** Whether this number was ever one of the task's. */
  hasSeen(pid: number): boolean {
    return this.#seen.has(pid);
  }

  /** All of them, also the dead that nobody has waited for, with what they use. */
  look(): ProcessUsage[] {
    const found: ProcessUsage[] = [];
    const unknown: ProcessUsage[] = [];
    const others = new Set<number>();
    for (const pid of processNumbers()) {
      if (this.#others.has(pid)) {
        others.add(pid);
        continue;
      }
      const usage = readUsage(pid);
      if (usage) (this.#members.get(pid) === usage.startTime ? found : unknown).push(usage);
    }
    const rest = this.#sort(found, unknown);
    for (const { pid } of rest) others.add(pid);
    this.#others = others;
    this.#members = new Map(found.map(({ pid, startTime }) => [pid, startTime]));
    for (const { pid } of found) if (this.#seen.size < MAX_REMEMBERED) this.#seen.add(pid);
    return found;
  }

  /** Moves those of the unknown that are of the task to the found ones; returns the rest. */
  #sort(found: ProcessUsage[], unknown: readonly ProcessUsage[]): readonly ProcessUsage[] {
    const parents = new Set([process.pid, ...found.map(({ pid }) => pid)]);
    const sessions = new Set(found.map(({ session }) => session));
    const ours = readUsage(process.pid)?.session ?? 0;
    let rest = unknown;
    const take = (isTheirs: (one: ProcessUsage) => boolean): boolean => {
      const before = rest.length;
      rest = rest.filter((one) => {
        if (!isTheirs(one)) return true;
        found.push(one);
        parents.add(one.pid);
        if (one.session !== ours) sessions.add(one.session);
        return false;
      });
      return rest.length < before;
    };
    sessions.delete(ours);
    const isRelated = ({ parent, session }: ProcessUsage): boolean => parents.has(parent) || sessions.has(session);
    const takeAll = (): void => {
      while (take(isRelated)) {
        // Those that were taken may have children.
      }
    };
    takeAll();
    if (take(({ pid }) => hasVariable(pid, markVariable, this.#mark))) takeAll();
    return rest;
  }
}
