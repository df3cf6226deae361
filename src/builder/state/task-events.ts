import type { TaskCost, Usage } from "../cost/task-cost.ts";
import { isFinal, type ReportedStatus } from "./status.ts";

/** What happens to a task, told as it is seen. `slot` is counted from 1, `task_id` null until the definition told it. */
export type TaskEvent = { slot: number; task_id: string | null } & (
  | {
      event: "state";
      state: ReportedStatus["state"];
      /** When it was seen, ISO 8601 in UTC. */
      at: string;
    }
  | {
      event: "phase";
      /** The state of the task that has ended. */
      phase: string;
      /** What programs have used in it. */
      usage: Usage;
    }
  | { event: "cost"; cost: TaskCost }
  | { event: "finished"; state: ReportedStatus["state"]; exit_code: number | null; reason: string | null }
);

/** Makes events of the statuses of a slot, one after the other. */
export class TaskEvents {
  readonly #slot: number;
  #mark: string | undefined;
  #state: ReportedStatus["state"] | undefined;
  #told = new Map<string, number>();

  constructor(slot: number) {
    this.#slot = slot;
  }

  /** What has happened since the status before. */
  *since(status: ReportedStatus): Generator<TaskEvent> {
    const head = { slot: this.#slot, task_id: status.state === "idle" ? null : status.task_id };
    const mark = status.state === "idle" ? "" : status.mark;
    if (mark !== this.#mark) {
      this.#told = new Map();
      this.#state = undefined;
    }
    this.#mark = mark;
    if (status.state === "idle") {
      if (this.#state !== "idle") yield { ...head, event: "state", state: "idle", at: now() };
      this.#state = "idle";
      return;
    }
    for (const [phase, usage] of Object.entries(status.cost?.phases ?? {})) {
      // A state that came again has taken more time since.
      if (this.#told.get(phase) !== usage.wall_seconds) yield { ...head, event: "phase", phase, usage };
      this.#told.set(phase, usage.wall_seconds);
    }
    if (status.state === this.#state) return;
    this.#state = status.state;
    yield { ...head, event: "state", state: status.state, at: now() };
    if (!isFinal(status.state) && status.state !== "died") return;
    if (status.cost) yield { ...head, event: "cost", cost: status.cost };
    yield { ...head, event: "finished", state: status.state, exit_code: status.exit_code, reason: status.reason };
  }
}

function now(): string {
  return new Date().toISOString();
}
