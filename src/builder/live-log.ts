import { closeSync, constants, openSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { TextCleaner } from "../core/clean-text.ts";
import { CoprError, describeFileError } from "../core/errors.ts";
import type { StateDirectory } from "./state-directory.ts";

/** The one writer of a task's log: what the builder says and what its programs print, in order, without terminal control. */
export interface LiveLog {
  /** Writes lines of the builder itself. */
  say(text: string): void;
  /** Takes the output of a program. */
  readonly output: (chunk: Buffer) => void;
  /** Writes what is left of an unfinished last line. */
  endOutput(): void;
  close(): void;
}

export interface LiveLogOptions {
  directory: StateDirectory;
  /** Gets the same bytes, e.g. to show them on standard output. */
  echo?: ((bytes: Uint8Array) => void) | undefined;
  /** Told once when the log can't be written any more. */
  onError: (error: CoprError) => void;
}

/** A program that prints a part of a line and waits is shown after this time. */
const PARTIAL_LINE_MS = 1000;

/** Starts a new log. The one of the task before stays with those who still read it. */
export function openLiveLog({ directory, echo, onError }: LiveLogOptions): LiveLog {
  const path = directory.liveLog;
  let file: number;
  try {
    rmSync(path, { force: true });
    file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW, 0o644);
    rmSync(directory.mainLog, { force: true });
    symlinkSync("live-log", directory.mainLog);
  } catch (error) {
    throw new CoprError(`Cannot start the log '${path}': ${describeFileError(error)}`, { cause: error });
  }
  const cleaner = new TextCleaner();
  let isBroken = false;
  let timer: NodeJS.Timeout | undefined;

  const write = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    echo?.(bytes);
    if (isBroken) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      isBroken = true;
      onError(new CoprError(`Cannot write the log '${path}': ${describeFileError(error)}`, { cause: error }));
    }
  };
  const endOutput = (): void => {
    clearTimeout(timer);
    timer = undefined;
    write(cleaner.flush());
  };
  return {
    say(text) {
      endOutput();
      const own = new TextCleaner();
      write(Buffer.concat([own.push(Buffer.from(`${text}\n`)), own.flush()]));
    },
    output(chunk) {
      write(cleaner.push(chunk));
      timer ??= setTimeout(endOutput, PARTIAL_LINE_MS).unref();
    },
    endOutput,
    close() {
      endOutput();
      closeSync(file);
    },
  };
}
