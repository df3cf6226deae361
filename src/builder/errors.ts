import { CoprError, UsageError } from "../core/errors.ts";

/** Exit statuses of copr-builder. Never 255: copr-backend takes that for a broken ssh connection. */
export const builderExitCodes = {
  ok: 0,
  /** The build, or anything it needs, failed. */
  failed: 1,
  usage: 2,
  /** Another task runs here. */
  busy: 3,
  canceled: 4,
  timedOut: 5,
  /** `status`: the builder died in the middle of the task. */
  died: 6,
} as const;

/** The task can't be done; `message` ends in the log and in status.json. */
export class TaskError extends CoprError {
  override readonly exitCode = builderExitCodes.failed;
}

/** Another task holds the lock. */
export class BusyError extends CoprError {
  override readonly exitCode = builderExitCodes.busy;
  /** It is no task that holds the lock, so it will be free soon. */
  readonly isPassing: boolean;

  constructor(message: string, { isPassing = false, ...options }: { cause?: unknown; hint?: string; isPassing?: boolean } = {}) {
    super(message, options);
    this.isPassing = isPassing;
  }
}

/** Why a running task is ended early; the reason of its abort signal. */
export class TaskAborted extends CoprError {
  readonly state: "canceled" | "timed-out" | "failed";

  constructor(state: TaskAborted["state"], message: string) {
    super(message);
    this.state = state;
  }
}

/** The detached start failed, as the task process told it. */
export class StartError extends CoprError {
  override readonly exitCode: number;

  constructor({ message, hint, exitCode }: { message: string; hint?: string | undefined; exitCode: number }) {
    super(message, { hint });
    this.exitCode = exitCode;
  }
}

/** Exit status of copr-builder for an error; the client's numbers of core's errors mean other things here. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof UsageError) return builderExitCodes.usage;
  return error instanceof BusyError || error instanceof StartError ? error.exitCode : builderExitCodes.failed;
}
