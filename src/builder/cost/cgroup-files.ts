import { closeSync, constants, openSync, readSync, write, writeSync } from "node:fs";
import { errorCode } from "../../core/errors.ts";

/**
 * Moves processes to a cgroup, by its `cgroup.procs`, in a thread of its own: for a lone one the kernel waits for all its
 * processors to have taken notice, which takes 10 to 40 ms, longer than most programs of a task need.
 */
export interface Door {
  admit(pid: number): void;
  /** Resolves when all are in; from its call on it takes no more. */
  close(): Promise<void>;
}

/** The door of the cgroup whose `cgroup.procs` is at `path`. The file is opened for the first that comes. */
export function openDoor(path: string): Door {
  let descriptor: number | undefined;
  let isClosed = false;
  const moves = new Set<Promise<void>>();
  return {
    admit(pid) {
      if (isClosed) return;
      let opened: number;
      try {
        opened = descriptor ??= openSync(path, constants.O_WRONLY);
      } catch {
        // Who may not is measured by sampling.
        return;
      }
      // One that is gone already makes an error, and no difference.
      const move = new Promise<void>((resolve) => {
        write(opened, String(pid), () => resolve());
      });
      moves.add(move);
      void move.then(() => moves.delete(move));
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await Promise.all(moves);
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

/** The file of the peak, held open: where the kernel can forget the peak, it does so for who has it open. */
export function openPeak(path: string): { read(): number; forget(): boolean; close(): void } | undefined {
  let descriptor: number;
  let isWritable = true;
  try {
    descriptor = openSync(path, constants.O_RDWR);
  } catch (error) {
    if (errorCode(error) !== "EACCES") return undefined;
    isWritable = false;
    descriptor = openSync(path, constants.O_RDONLY);
  }
  const buffer = Buffer.alloc(64);
  return {
    read() {
      try {
        return Number(buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, buffer.length, 0)));
      } catch {
        // The cgroup was taken away.
        return 0;
      }
    },
    forget() {
      try {
        return isWritable && writeSync(descriptor, "reset", 0) > 0;
      } catch {
        return false;
      }
    },
    close: () => closeSync(descriptor),
  };
}
