import { shellLine } from "../../core/text/shell-line.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import { capture, type Captured, run } from "../../core/process/run.ts";
import type { ProcessOptions } from "../../core/process/start.ts";
import type { Transport } from "../../core/http/transport.ts";
import { TaskAborted, TaskError } from "../errors.ts";
import type { LiveLog } from "../log/live-log.ts";
import type { Settings } from "../settings.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { RunningState, StatusWriter } from "../state/status.ts";

/** What the steps of a task are given: where to work, how to run programs and how to speak. */
export interface TaskContext {
  readonly settings: Settings;
  readonly log: LiveLog;
  readonly transport: Transport;
  /** Aborted with TaskAborted at cancel, at the deadline and when the log can't be written. */
  readonly signal: AbortSignal;
  /** Private directory of the task; gone afterwards. */
  readonly workDirectory: string;
  /** HOME of the programs, below the work directory. */
  readonly home: string;
  /** What is published. Empty at the start. */
  readonly results: string;
  readonly directory: StateDirectory;
  readonly environment: Readonly<Record<string, string>>;
  readonly allowLocalFiles: boolean;
  /** Directory of the user's whose package is to be built, instead of one from dist-git. */
  readonly checkout: string | undefined;
  /** What the host's rules add to the command lines of mock that build. */
  readonly mockOptions: readonly string[];
  enter(state: RunningState): Promise<void>;
  /** Notes in the status which chroot of mock is used. */
  setChroot: StatusWriter["setChroot"];
  /** Runs a program with its output in the log; resolves to its exit status. `variables` go on top of its environment. */
  run(argv: readonly string[], options?: TaskRunOptions): Promise<number>;
  /** Runs a program quietly and returns its output. */
  capture(argv: readonly string[], options?: { cwd?: string; maxBytes?: number }): Promise<Captured>;
}

export interface TaskRunOptions {
  cwd?: string;
  /** See RunOptions of core. */
  hasTerminal?: boolean;
  onOutput?: (chunk: Buffer) => void;
  watcher?: OutputWatcher;
  variables?: Readonly<Record<string, string>>;
  /** Ends the program earlier than the task's own signal; its reason is thrown. */
  deadline?: AbortSignal;
}

/** Stands between a program and the log, and may do something between two lines of its output. */
export interface OutputWatcher {
  push(chunk: Buffer, passOn: (bytes: Buffer) => void): void;
  /** The program has ended: passes on what was held back. */
  end(passOn: (bytes: Buffer) => void): void;
}

/** The two ways to run programs, bound to a task: each is named in the log and ends with the task. */
export function taskRunner(
  context: Pick<TaskContext, "log" | "signal" | "environment">,
  setProgram: StatusWriter["setProgram"],
  admit: (pid: number) => void = () => undefined,
): Pick<TaskContext, "run" | "capture"> {
  const { log, signal, environment } = context;
  const options: ProcessOptions = {
    env: environment,
    signal,
    onSignal: (name) => log.say(` !! ${whyEnded(signal)} => sending ${name}`),
    onStart: admit,
    isExpendable: true,
  };
  return {
    async run(argv, { cwd, hasTerminal, onOutput, watcher, variables, deadline } = {}) {
      const ending = deadline === undefined ? signal : AbortSignal.any([signal, deadline]);
      ending.throwIfAborted();
      log.say(`Running: ${shellLine(argv.map(withoutSecrets))}`);
      let noted: Promise<void> = Promise.resolve();
      const { exitCode } = await run(argv, {
        ...options,
        signal: ending,
        onSignal: (name) => log.say(` !! ${whyEnded(ending)} => sending ${name}`),
        env: { ...environment, ...variables },
        cwd,
        hasTerminal,
        onStart: (pid) => {
          admit(pid);
          noted = setProgram(pid, hasTerminal);
          noted.catch(() => undefined);
        },
        onOutput: (chunk) => {
          if (watcher) watcher.push(chunk, log.output);
          else log.output(chunk);
          onOutput?.(chunk);
        },
      });
      watcher?.end(log.output);
      log.endOutput();
      ending.throwIfAborted();
      await noted;
      // What comes next has its own write, and a reader sees by the start time that the program has ended.
      setProgram(null).catch(() => undefined);
      return exitCode;
    },
    async capture(argv, { cwd, maxBytes } = {}) {
      signal.throwIfAborted();
      const result = await capture(argv, { ...options, cwd, ...(maxBytes === undefined ? {} : { maxBytes }) });
      signal.throwIfAborted();
      return result;
    },
  };
}

/** Throws TaskError with the program's own words unless it ended well. */
export function requireSuccess({ exitCode, stderr }: Captured, what: string): void {
  if (exitCode !== 0) throw new TaskError(`${what}: ${stderr.toString().trim().split("\n").at(-1) || `exit status ${exitCode}`}`);
}

function whyEnded(signal: AbortSignal): string {
  const { reason } = signal as { reason: unknown };
  if (reason instanceof TaskAborted && reason.state === "timed-out") return "Copr timeout";
  return reason instanceof TaskAborted && reason.state === "canceled" ? "Canceled" : "Ending the build";
}
