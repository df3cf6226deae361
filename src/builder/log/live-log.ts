import { closeSync, constants, createReadStream, openSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { dirname, relative } from "node:path";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError, describeFileError } from "../../core/errors.ts";
import { boundLog, type LogLimits } from "./bounded-log.ts";
import { cleanOutput } from "./clean-output.ts";
import { HiddenTexts } from "./hidden-texts.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** The one writer of a task's log: what the builder says and what its programs print, in order, without terminal control. */
export interface LiveLog {
  /** Writes lines of the builder itself. */
  say(text: string): void;
  /** Takes the output of a program. */
  readonly output: (chunk: Buffer) => void;
  /** From now on the log holds none of these texts, whoever writes them. */
  hide(texts: readonly string[]): void;
  /** A text as the log shows it. */
  shown(text: string): string;
  /** Writes what is left of an unfinished last line. */
  endOutput(): void;
  /** The log so far, also the end of it that is not in the file yet. Nothing may be written meanwhile. */
  read(): AsyncIterable<Uint8Array>;
  close(): void;
}

export interface LiveLogOptions {
  directory: Pick<StateDirectory, "liveLog" | "mainLog">;
  limits: LogLimits;
  /** Gets the same bytes, e.g. to show them on standard output. */
  echo?: ((bytes: Uint8Array) => void) | undefined;
  /** Told once when the log can't be written any more. */
  onError: (error: CoprError) => void;
}

/** Starts a new log. The one of the task before stays with those who still read it. */
export function openLiveLog({ directory, limits, echo, onError }: LiveLogOptions): LiveLog {
  const path = directory.liveLog;
  const file = createFile(directory);
  let isBroken = false;
  const bounded = boundLog(limits, (bytes) => {
    if (bytes.length === 0) return;
    echo?.(bytes);
    if (isBroken) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      isBroken = true;
      onError(new CoprError(`Cannot write the log '${path}': ${describeFileError(error)}`, { cause: error }));
    }
  });
  const hidden = new HiddenTexts();
  const programs = cleanOutput((bytes) => bounded.write(hidden.inBytes(bytes)));
  return {
    say(text) {
      programs.interrupt();
      bounded.write(Buffer.from(`${bounded.isAtLineStart ? "" : "\n"}${cleanText(`${hidden.inText(text)}\n`)}`));
    },
    hide: (texts) => hidden.add(texts),
    shown: (text) => hidden.inText(text),
    output: programs.push,
    endOutput: programs.end,
    async *read() {
      programs.end();
      yield* createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>;
      yield* bounded.pending();
    },
    close() {
      programs.end();
      bounded.end();
      closeSync(file);
    },
  };
}

const READ_BYTES = 256 * 1024;

/** A file of its own for each task: nothing is ever cut off or rewritten under a reader. */
function createFile({ liveLog, mainLog }: LiveLogOptions["directory"]): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW;
  const file = replacing(liveLog, () => openSync(liveLog, flags, 0o644));
  replacing(mainLog, () => symlinkSync(relative(dirname(mainLog), liveLog), mainLog));
  return file;
}

function replacing<Result>(path: string, make: () => Result): Result {
  try {
    rmSync(path, { force: true });
    return make();
  } catch (error) {
    throw new CoprError(`Cannot start the log '${path}': ${describeFileError(error)}`, { cause: error });
  }
}
