import { existsSync } from "node:fs";
import { constants as systemConstants } from "node:os";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { CoprError, describeFileError, errorCode } from "../errors.ts";
import type { Supervision } from "./signals.ts";
import { startExpendable } from "./want-of-memory.ts";

/** A program that is not installed, or not runnable. */
export class MissingProgramError extends CoprError {}

/** Where and how a program runs. */
export interface ProcessOptions extends Omit<Supervision, "terminal"> {
  cwd?: string | undefined;
  /** The whole environment of the program. Default: ours. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Told the program's pid, which is also its process group, as soon as it runs. */
  onStart?: ((pid: number) => void) | undefined;
  /** Whether the kernel is to end it before us when memory is short. */
  isExpendable?: boolean | undefined;
}

/** Files of a program, and what becomes of its output. */
export interface StartOptions {
  /** Standard input, output, error and further files. */
  stdio: readonly ("ignore" | "pipe" | number)[];
  input?: string | Uint8Array | undefined;
  maxBuffer?: number;
  /** Whether output is collected. Default true. */
  isBuffered?: boolean;
}

/** A program that was started, as execa has it. */
export type StartedProgram = ResultPromise<ReturnType<typeof baseOptions>>;

/** Starts a program in a session of its own. A failure to start is in the result: see `rethrowStartError`. */
export function start(
  argv: readonly string[],
  options: ProcessOptions,
  { stdio, input, maxBuffer, isBuffered = true }: StartOptions,
): StartedProgram {
  const [file, ...rest] = argv as [string, ...string[]];
  const startNow = (): StartedProgram =>
    execa(file, rest, {
      ...baseOptions(options),
      stdio: [...stdio] as never,
      buffer: isBuffered,
      ...(input === undefined ? {} : { input }),
      ...(maxBuffer === undefined ? {} : { maxBuffer }),
    }) as unknown as StartedProgram;
  const child = options.isExpendable ? startExpendable(startNow) : startNow();
  if (child.pid !== undefined) options.onStart?.(child.pid);
  return child;
}

/** Throws CoprError, MissingProgramError where that is it, if the program could not be started. */
export function rethrowStartError(
  result: { cause?: unknown; exitCode?: number | undefined; signal?: unknown },
  argv: readonly string[],
  { cwd, env }: Pick<ProcessOptions, "cwd" | "env">,
): void {
  if (result.exitCode !== undefined || result.signal !== undefined) return;
  const code = errorCode(result.cause);
  if (code === "ENOENT" && cwd !== undefined && !existsSync(cwd)) {
    throw new CoprError(`Cannot start '${argv[0]}': there is no directory '${cwd}'`, { cause: result.cause });
  }
  // The system says EACCES as well where it may not look into a directory of the search path.
  if (code === "ENOENT" || (code === "EACCES" && !isThere(argv[0] as string, env?.["PATH"] ?? process.env["PATH"]))) {
    throw new MissingProgramError(`The program '${argv[0]}' is not installed`, { cause: result.cause });
  }
  if (code === "EACCES") throw new MissingProgramError(`The program '${argv[0]}' can't be executed`, { cause: result.cause });
  if (result.cause !== undefined) {
    throw new CoprError(`Cannot start '${argv[0]}': ${describeFileError(result.cause)}`, { cause: result.cause });
  }
}

/** Whether a file of this name is found, one that may be executed or not. */
function isThere(name: string, searchPath = ""): boolean {
  if (name.includes("/")) return existsSync(name);
  return searchPath.split(":").some((directory) => directory !== "" && existsSync(join(directory, name)));
}

/** Exit status; 128 + signal number when a signal ended it. */
export function exitStatus(result: { exitCode?: number | undefined; signal?: string | undefined }): number {
  if (result.exitCode !== undefined) return result.exitCode;
  return 128 + (systemConstants.signals[result.signal as NodeJS.Signals] ?? 0);
}

function baseOptions(options: ProcessOptions) {
  return {
    cwd: options.cwd ?? workingDirectory(),
    ...(options.env === undefined ? {} : { env: options.env }),
    extendEnv: options.env === undefined,
    detached: true,
    cleanup: false,
    reject: false,
    stripFinalNewline: false,
    encoding: "buffer",
  } as const;
}

/** Ours; the root where ours has been removed, as no program could be started there. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}
