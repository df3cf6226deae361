import type { TaskCost, Usage } from "../cost/task-cost.ts";
import { type FinalState, isFinal, type ReportedStatus, type RunningState } from "./status.ts";

/** Which task an event is of. */
interface EventHead {
  /** Counted from 1. */
  slot: number;
  /** Null until the definition told it. */
  task_id: string | null;
}

/** A state was seen that was not there before. */
interface StateEvent extends EventHead {
  event: "state";
  state: RunningState | FinalState | "died" | "idle";
  /** When it was seen, ISO 8601 in UTC. */
  at: string;
}

/** A phase has ended. */
interface PhaseEvent extends EventHead {
  event: "phase";
  /** The state of the task in it. */
  phase: string;
  /** What programs have used in it. */
  usage: Usage;
}

/** The task has ended, and has cost this. */
interface CostEvent extends EventHead {
  event: "cost";
  cost: TaskCost;
}

/** The task has ended. */
interface FinishedEvent extends EventHead {
  event: "finished";
  state: FinalState | "died";
  exit_code: number | null;
  reason: string | null;
}

/** What happens to a task, told as it is seen. */
export type TaskEvent = StateEvent | PhaseEvent | CostEvent | FinishedEvent;

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
