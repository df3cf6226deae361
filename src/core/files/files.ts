import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CoprError, describeFileError, errorCode } from "../errors.ts";

/**
 * Replaces a file so that a reader sees the old or the new content, never a part, also after a crash.
 * Throws CoprError naming the file.
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
  }
}

export interface ReadLimits {
  /** A larger file is refused. */
  maxBytes: number;
  /** What the file is, for messages, e.g. "task file". */
  label?: string;
}

/** Reads a regular file; a symbolic link as the last part of the path is refused, as is a FIFO or a device. */
export async function readRegularFile(path: string, { maxBytes, label = "file" }: ReadLimits): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = await file.stat();
    if (!info.isFile()) throw new CoprError(`The ${label} '${path}' is not a regular file`);
    if (info.size > maxBytes) {
      throw new CoprError(`The ${label} '${path}' is too large: ${info.size} bytes, the limit is ${maxBytes}`);
    }
    // The size is no promise: the file may grow, and those of the kernel tell none.
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, end: maxBytes }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      chunks.push(chunk);
    }
    if (size > maxBytes) throw new CoprError(`The ${label} '${path}' is too large: the limit is ${maxBytes} bytes`);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof CoprError) throw error;
    throw new CoprError(`Cannot read the ${label} '${path}': ${describeFileError(error)}`, { cause: error });
  } finally {
    await file?.close();
  }
}

/** Makes a directory and its parents; an existing one is fine, anything else in its place is an error. */
export async function ensureDirectory(path: string, mode = 0o755): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (error) {
    throw new CoprError(`Cannot make the directory '${path}': ${describeFileError(error)}`, { cause: error });
  }
}

/**
 * Removes a file or tree without following links; what is not there is fine. Paths longer than the system takes and
 * directories without permissions, as builds leave them, are no obstacle.
 */
export async function removeTree(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    const isStubborn = ["ENAMETOOLONG", "EACCES", "ENOTEMPTY"].includes(errorCode(error) ?? "");
    if (isStubborn && typeof path === "string" && (await removeByPrograms(path))) return;
    throw new CoprError(`Cannot remove '${path.toString()}': ${describeFileError(error)}`, { cause: error });
  }
}

/** chmod and rm go from directory to directory, without paths. */
async function removeByPrograms(path: string): Promise<boolean> {
  const { capture } = await import("../process/run.ts");
  const options = { env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" } };
  await capture(["chmod", "-R", "--quiet", "u+rwX", "--", path], options);
  return (await capture(["rm", "-rf", "--", path], options)).exitCode === 0;
}

/** Whether something, even a dangling link, has this name. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A lock that ends with its owner, however that ends. */
export interface Lock {
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
    if (result.exitCode === 0) return { release: () => file.close() };
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

/** For writing, as network file systems want it; what another user has made may be there to be read only, which is enough elsewhere. */
async function openLockFile(path: string, mode: number): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, mode);
  } catch (error) {
    if (errorCode(error) !== "EACCES") throw error;
    return open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  }
}

/** Whether a file can be made in a directory, or in the nearest parent that exists. */
export async function isWritable(directory: string): Promise<boolean> {
  const probe = `${directory}/.probe-${randomBytes(6).toString("hex")}`;
  try {
    await (await open(probe, "wx")).close();
    await rm(probe, { force: true });
    return true;
  } catch (error) {
    // Some file systems of the kernel answer ENOENT too when they won't make a file.
    const isMissing = errorCode(error) === "ENOENT" && dirname(directory) !== directory && !(await exists(directory));
    return isMissing && (await isWritable(dirname(directory)));
  }
}
