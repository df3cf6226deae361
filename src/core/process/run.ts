import { once } from "node:events";
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { constants as systemConstants, tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import { CoprError, describeFileError, errorCode } from "../errors.ts";
import { findFile, findProgram } from "./find-program.ts";
import { endProcesses, supervise, type Supervision } from "./signals.ts";
import { processesOfGroup } from "./table.ts";
import { type ProgramTerminal, terminalCommand, terminalControlFd, terminalOf } from "./terminal.ts";

/** How a started program ended. */
export interface Ending {
  /** Exit status; 128 + signal number when a signal ended it. */
  exitCode: number;
  /** Whether our abort signal, not the program itself, ended it. */
  wasAborted: boolean;
}

export interface Captured extends Ending {
  stdout: Buffer;
  stderr: Buffer;
}

export interface ProcessOptions extends Omit<Supervision, "terminal"> {
  cwd?: string | undefined;
  /** The whole environment of the program. Default: ours. */
  env?: Readonly<Record<string, string>> | undefined;
}

export interface CaptureOptions extends ProcessOptions {
  /** What the program reads; default nothing. */
  input?: string | Uint8Array;
  /** Open files that become 3, 4, … of the program. */
  inherit?: readonly number[];
  /** More output than this is an error. Default 16 MiB for each stream. */
  maxBytes?: number;
}

export interface RunOptions extends ProcessOptions {
  /** Gives the program a terminal by which it can be interrupted whatever rights it has; its standard files are none. */
  hasTerminal?: boolean | undefined;
  /** Told the program's pid, which is also its process group, as soon as it runs. */
  onStart?: ((pid: number) => void) | undefined;
  /** Gets standard output and error, in the order they were written. */
  onOutput: (chunk: Buffer) => void;
}

/** A program that is not installed, or not runnable. */
export class MissingProgramError extends CoprError {}

/** Runs a program to its end and returns what it printed. Never throws because of its exit status. */
export async function capture(argv: readonly string[], options: CaptureOptions = {}): Promise<Captured> {
  const maxBuffer = options.maxBytes ?? 16 * 1024 * 1024;
  const stdin = options.input === undefined ? "ignore" : "pipe";
  const child = start(argv, options, { stdio: [stdin, "pipe", "pipe", ...(options.inherit ?? [])], input: options.input, maxBuffer });
  const supervision = supervise(child, options);
  let isOver = false;
  child.once("exit", () => void closeLeakedPipes(child, () => isOver));
  const result = await child;
  isOver = true;
  const wasAborted = supervision.end();
  rethrowStartError(result, argv, options);
  if (result.isMaxBuffer) throw new CoprError(`'${argv[0]}' printed more than ${maxBuffer} bytes`);
  return {
    exitCode: exitStatus(result),
    wasAborted,
    stdout: Buffer.from((result.stdout as Uint8Array | undefined) ?? []),
    stderr: Buffer.from((result.stderr as Uint8Array | undefined) ?? []),
  };
}

/**
 * Runs a program in its own session, passing on its output while it runs. Standard output and error are one pipe,
 * so their order is kept. Programs that stay behind with the pipe open are ended: nothing outlives the call.
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<Ending> {
  const starter = options.hasTerminal ? await starterOf(argv, options) : undefined;
  const pipe = await makePipe();
  const reader = new Socket({ fd: pipe.readEnd, readable: true, writable: false });
  reader.on("data", options.onOutput);
  reader.on("error", () => undefined);
  const closed = once(reader, "close");
  let child: ReturnType<typeof start>;
  try {
    const stdio = ["ignore", pipe.writeEnd, pipe.writeEnd] as const;
    child = start(starter ?? argv, options, { stdio: starter ? [...stdio, "pipe"] : stdio });
  } finally {
    closeSync(pipe.writeEnd);
  }
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const supervision = supervise(child, { ...options, terminal: starter && takeTerminal(child) });
  // At once: from then on its number may be another's.
  const exited = once(child, "exit").then(() => supervision.end());
  exited.catch(() => undefined);
  const result = await child;
  const wasAborted = child.pid === undefined ? supervision.end() : await exited;
  // The program is gone; whoever still holds the pipe gets a moment to finish its sentence, unless the terminal went with it.
  await Promise.race([closed, sleep(LEAKED_PIPE_GRACE_MS, undefined, { ref: false })]);
  if (child.pid !== undefined) await endProcesses(() => processesOfGroup(child.pid as number));
  if (!reader.destroyed) {
    await Promise.race([closed, sleep(100, undefined, { ref: false })]);
    reader.destroy();
  }
  rethrowStartError(result, starter ?? argv, options);
  return { exitCode: exitStatus(result), wasAborted };
}

/** The command line that gives a program a terminal. What is wrong with the program itself is told here, as it is started by another. */
async function starterOf(argv: readonly string[], { env }: ProcessOptions): Promise<string[]> {
  const [program = ""] = argv;
  const searchPath = env?.["PATH"];
  if ((await findProgram(program, searchPath)) === undefined) {
    const isThere = (await findFile(program, searchPath)) !== undefined;
    throw new MissingProgramError(`The program '${program}' ${isThere ? "can't be executed" : "is not installed"}`);
  }
  return terminalCommand(argv, searchPath);
}

/** The terminal goes with its program. */
function takeTerminal(child: ReturnType<typeof start>): ProgramTerminal | undefined {
  const control = child.stdio[terminalControlFd] as unknown as Duplex | null | undefined;
  if (!control) return undefined;
  const terminal = terminalOf(control);
  child.once("exit", () => void terminal.close());
  return terminal;
}

/** Runs `first <inputPath | second` without a shell; resolves to the exit status of the first that failed, else 0. */
export async function pipeline(
  first: readonly string[],
  second: readonly string[],
  options: ProcessOptions & { inputPath: string },
): Promise<number> {
  const input = openSync(options.inputPath, "r");
  const pipe = await makePipe();
  const children: ReturnType<typeof start>[] = [];
  try {
    children.push(start(first, options, { stdio: [input, pipe.writeEnd, "ignore"] }));
    children.push(start(second, options, { stdio: [pipe.readEnd, "ignore", "ignore"] }));
  } finally {
    closeSync(pipe.writeEnd);
    closeSync(pipe.readEnd);
    closeSync(input);
  }
  const supervisions = children.map((child) => supervise(child, options));
  const results = await Promise.all(children);
  for (const supervision of supervisions) supervision.end();
  rethrowStartError(results[0] as never, first, options);
  rethrowStartError(results[1] as never, second, options);
  return results.map(exitStatus).find((status) => status !== 0) ?? 0;
}

/** A program that goes on without us, and our ends of its pipes. */
export interface Detached {
  pid: number;
  stdio: readonly (Readable | Writable | null)[];
}

/** Starts a program in its own session and returns at once: it runs on when we end. */
export async function startDetached(
  argv: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; stdio: readonly ("ignore" | "pipe" | number)[] },
): Promise<Detached> {
  const child = start(argv, options, { stdio: options.stdio, isBuffered: false });
  // libuv returns from fork only when the child has called setsid and exec, so no hang-up can reach it from here on.
  if (child.pid === undefined) rethrowStartError(await child, argv, options);
  child.unref();
  child.catch(() => undefined);
  return { pid: child.pid as number, stdio: child.stdio as unknown as Detached["stdio"] };
}

const LEAKED_PIPE_GRACE_MS = 1000;

interface StartOptions {
  /** Standard input, output, error and further files. */
  stdio: readonly ("ignore" | "pipe" | number)[];
  input?: string | Uint8Array | undefined;
  maxBuffer?: number;
  /** Whether output is collected. Default true. */
  isBuffered?: boolean;
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

function start(argv: readonly string[], options: ProcessOptions, { stdio, input, maxBuffer, isBuffered = true }: StartOptions) {
  const [file, ...rest] = argv as [string, ...string[]];
  return execa(file, rest, {
    ...baseOptions(options),
    stdio: [...stdio] as never,
    buffer: isBuffered,
    ...(input === undefined ? {} : { input }),
    ...(maxBuffer === undefined ? {} : { maxBuffer }),
  }) as unknown as ResultPromise<ReturnType<typeof baseOptions>>;
}

/** The program has ended: who stays behind with its pipes gets a moment, then whoever reads them goes on without. */
async function closeLeakedPipes(child: ReturnType<typeof start>, isOver: () => boolean): Promise<void> {
  await sleep(LEAKED_PIPE_GRACE_MS, undefined, { ref: false });
  if (isOver()) return;
  await endProcesses(() => processesOfGroup(child.pid as number));
  await sleep(100, undefined, { ref: false });
  if (isOver()) return;
  const { stdout, stderr } = child as { stdout?: Readable | null; stderr?: Readable | null };
  stdout?.destroy();
  stderr?.destroy();
}

interface PipeEnds {
  readEnd: number;
  writeEnd: number;
}

/** So many are made at a time: making one costs as much as making several. */
const PIPES_AT_A_TIME = 6;
const sparePipes: PipeEnds[] = [];

/**
 * A real pipe. Node gives children socket pairs, on which `/dev/stdout` can't be opened: builds that write to it
 * would fail. The name of the FIFO is gone before the program starts.
 */
async function makePipe(): Promise<PipeEnds> {
  return sparePipes.pop() ?? makePipes();
}

/** One pipe for now, the others to spare. */
async function makePipes(): Promise<PipeEnds> {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), "copr-"));
    const paths = Array.from({ length: PIPES_AT_A_TIME }, (_, index) => join(directory as string, `output-${index}`));
    const made = await execa("mkfifo", ["--mode=600", ...paths], { reject: false });
    if (made.failed) throw new CoprError(`Cannot make a pipe: ${made.stderr || made.shortMessage}`);
    for (const path of paths) {
      const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      sparePipes.push({ readEnd, writeEnd: openSync(path, constants.O_WRONLY) });
    }
    return sparePipes.pop() as PipeEnds;
  } catch (error) {
    if (error instanceof CoprError) throw error;
    throw new CoprError(`Cannot make a pipe in '${tmpdir()}': ${describeFileError(error)}`, { cause: error });
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

function rethrowStartError(
  result: { cause?: unknown; exitCode?: number | undefined; signal?: unknown },
  argv: readonly string[],
  { cwd }: { cwd?: string | undefined },
): void {
  if (result.exitCode !== undefined || result.signal !== undefined) return;
  const code = errorCode(result.cause);
  if (code === "ENOENT" && cwd !== undefined && !existsSync(cwd)) {
    throw new CoprError(`Cannot start '${argv[0]}': there is no directory '${cwd}'`, { cause: result.cause });
  }
  if (code === "ENOENT") throw new MissingProgramError(`The program '${argv[0]}' is not installed`, { cause: result.cause });
  if (code === "EACCES") throw new MissingProgramError(`The program '${argv[0]}' can't be executed`, { cause: result.cause });
  if (result.cause !== undefined) {
    throw new CoprError(`Cannot start '${argv[0]}': ${describeFileError(result.cause)}`, { cause: result.cause });
  }
}

function exitStatus(result: { exitCode?: number | undefined; signal?: string | undefined }): number {
  if (result.exitCode !== undefined) return result.exitCode;
  return 128 + (systemConstants.signals[result.signal as NodeJS.Signals] ?? 0);
}
