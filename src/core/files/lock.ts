import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { CoprError, describeFileError, errorCode } from "../errors.ts";

/** A lock that ends with its owner, however that ends. */
export interface Lock {
  /** Leaves a text in the locked file that tells others of the owner, until the release. A file that can't take it stays without. */
  note(text: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes an exclusive flock(2) on a file; undefined when somebody else has it. Never waits.
 * Node has no call for it: flock(1) locks our open file description, which keeps the lock after flock has gone.
 */
export async function tryLock(path: string, mode = 0o666): Promise<Lock | undefined> {
  let file: FileHandle;
  try {
    file = await openLockFile(path, mode);
  } catch (error) {
    throw new CoprError(`Cannot open the lock file '${path}': ${describeFileError(error)}`, { cause: error });
  }
  try {
    // Loaded when it is needed: the client and the library, which start no programs, use this file too.
    const { capture } = await import("../process/run.ts");
    const result = await capture(["flock", "--exclusive", "--nonblock", "3"], { inherit: [file.fd] });
    if (result.exitCode === 0) {
      if (await isStillThere(path, file)) return lockOn(file);
      // Its last owner has removed it meanwhile: a lock of what nobody finds is none.
      await file.close();
      return tryLock(path, mode);
    }
    if (result.exitCode === 1) {
      await file.close();
      return undefined;
    }
    throw new CoprError(`Cannot lock '${path}': ${result.stderr.toString().trim()}`);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

function lockOn(file: FileHandle): Lock {
  let hasNote = false;
  return {
    async note(text) {
      const info = await file.stat();
      // A second name of somebody's file is no lock file of ours.
      if (!info.isFile() || info.nlink > 1) return;
      try {
        await file.truncate(0);
        await file.write(text, 0);
        hasNote = true;
      } catch {
        // Opened for reading only: see openLockFile.
      }
    },
    async release() {
      if (hasNote) await file.truncate(0).catch(() => undefined);
      await file.close();
    },
  };
}

/** For writing, as network file systems want it; what another user has made may be there to be read only, which is enough elsewhere. */
async function openLockFile(path: string, mode: number): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, mode);
  } catch (error) {
    if (errorCode(error) !== "EACCES") throw error;
    return open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  }
}

async function isStillThere(path: string, file: FileHandle): Promise<boolean> {
  const [ours, present] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return ours.ino === present?.ino && ours.dev === present.dev;
}
