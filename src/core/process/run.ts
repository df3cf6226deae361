import { once } from "node:events";
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { CoprError } from "../errors.ts";
import { findFile, findProgram } from "./find-program.ts";
import { makePipe } from "./pipe.ts";
import { endProcesses, supervise } from "./signals.ts";
import { exitStatus, MissingProgramError, type ProcessOptions, rethrowStartError, start, type StartedProgram } from "./start.ts";
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
  /** Gets standard output and error, in the order they were written. */
  onOutput: (chunk: Buffer) => void;
}

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
  let child: StartedProgram;
  try {
    const stdio = ["ignore", pipe.writeEnd, pipe.writeEnd] as const;
    child = start(starter ?? argv, options, { stdio: starter ? [...stdio, "pipe"] : stdio });
  } finally {
    closeSync(pipe.writeEnd);
  }
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
function takeTerminal(child: StartedProgram): ProgramTerminal | undefined {
  const control = child.stdio[terminalControlFd] as unknown as Duplex | null | undefined;
  if (!control) return undefined;
  const terminal = terminalOf(control);
  child.once("exit", () => void terminal.close());
  return terminal;
}

const LEAKED_PIPE_GRACE_MS = 1000;

/** The program has ended: who stays behind with its pipes gets a moment, then whoever reads them goes on without. */
async function closeLeakedPipes(child: StartedProgram, isOver: () => boolean): Promise<void> {
  await sleep(LEAKED_PIPE_GRACE_MS, undefined, { ref: false });
  if (isOver()) return;
  await endProcesses(() => processesOfGroup(child.pid as number));
  await sleep(100, undefined, { ref: false });
  if (isOver()) return;
  const { stdout, stderr } = child as { stdout?: Readable | null; stderr?: Readable | null };
  stdout?.destroy();
  stderr?.destroy();
}
