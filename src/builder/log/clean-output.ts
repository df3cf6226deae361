import { TextCleaner } from "../../core/text/clean-text.ts";

/** Output of programs on its way to a log: whole lines go on at once, a line that waits for its end after a moment. */
export interface CleanOutput {
  push(chunk: Uint8Array): void;
  /** Something else goes on a line of its own: writes what there is of the current line, and takes it for over. */
  interrupt(): void;
  /** The program ended: writes what is left. Another one may follow. */
  end(): void;
}

/** A program that prints a part of a line and waits is shown after this time. */
const PARTIAL_LINE_MS = 1000;

/** Takes terminal control out of what is pushed, and gives the rest to `write`. */
export function cleanOutput(write: (bytes: Buffer) => void): CleanOutput {
  const cleaner = new TextCleaner();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const passOn = (): void => {
    timer = undefined;
    write(cleaner.passOn());
  };
  return {
    push(chunk) {
      write(cleaner.push(chunk));
      const { partialLine } = cleaner;
      if (partialLine === "none") stop();
      // A progress bar that moves is noise; one that stands still tells what the program is waiting for.
      else if (partialLine === "drawn-over" && timer) timer.refresh();
      else timer ??= setTimeout(passOn, PARTIAL_LINE_MS).unref();
    },
    interrupt() {
      stop();
      write(cleaner.passOn(true));
    },
    end() {
      stop();
      write(cleaner.flush());
    },
  };
}
