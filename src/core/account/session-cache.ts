import { chmod, readFile, stat, unlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CoprError, describeFileError, errorCode } from "../errors.ts";

/** A login that the frontend remembers, made by Kerberos. */
export interface Session {
  /** User's name. */
  name: string;
  /** Value of the frontend's cookie. */
  session: string;
  /** Epoch seconds. The client's own figure: the frontend may end the session sooner. */
  expiration: number;
}

/** How long a session is taken to be good, as upstream's client does. */
export const SESSION_SECONDS = 36_000;

/** The session kept for a frontend; undefined when there is none, it has expired, or the file is no use. */
export async function readCachedSession(coprUrl: string): Promise<Session | undefined> {
  const path = sessionCachePath(coprUrl);
  try {
    const session: unknown = JSON.parse(await readFile(path, "utf8"));
    if (!isSession(session) || session.expiration <= Date.now() / 1000) return undefined;
    await keepPrivate(path);
    return session;
  } catch {
    // A new login mends whatever is wrong with a cache.
    return undefined;
  }
}

/** Keeps a session for later runs, in the form that upstream's client reads. Throws CoprError. */
export async function writeCachedSession(coprUrl: string, { name, session, expiration }: Session): Promise<void> {
  const [{ writeFileAtomic }, { ensureDirectory }] = await Promise.all([
    import("../files/atomic-file.ts"),
    import("../files/directories.ts"),
  ]);
  const path = sessionCachePath(coprUrl);
  await ensureDirectory(dirname(path), 0o700);
  await writeFileAtomic(path, `${JSON.stringify({ name, session, expiration }, undefined, 4)}\n`, 0o600);
}

/** Forgets the session kept for a frontend; resolves to whether there was one. */
export async function removeCachedSession(coprUrl: string): Promise<boolean> {
  try {
    await unlink(sessionCachePath(coprUrl));
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw new CoprError(`Cannot remove '${sessionCachePath(coprUrl)}': ${describeFileError(error)}`, { cause: error });
  }
}

/**
 * Does something while no other client, upstream's included, makes a session for this frontend.
 * Where there can be no lock, or another holds it too long, it goes on without: two logins do no harm.
 */
export async function withSessionLock<T>(coprUrl: string, action: () => Promise<T>, waitMs = LOCK_WAIT_MS): Promise<T> {
  const lock = await takeLock(`${sessionCachePath(coprUrl)}.lock`, Date.now() + waitMs).catch(() => undefined);
  try {
    return await action();
  } finally {
    await lock?.release();
  }
}

const LOCK_WAIT_MS = 30_000;
const LOCK_POLL_MS = 200;

async function takeLock(path: string, deadline: number) {
  const [{ tryLock }, { ensureDirectory }] = await Promise.all([import("../files/lock.ts"), import("../files/directories.ts")]);
  await ensureDirectory(dirname(path), 0o700);
  for (;;) {
    const lock = await tryLock(path, 0o600);
    if (lock || Date.now() >= deadline) return lock;
    await sleep(LOCK_POLL_MS);
  }
}

/** File that keeps the session of a frontend, shared with upstream's client; XDG_CACHE_HOME plays no part there. */
function sessionCachePath(coprUrl: string): string {
  // As it is written in the address: URL would drop the port 443. A password has no place in a file's name.
  const host = /^[^:]+:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(coprUrl)?.[1] ?? "";
  return join(homedir(), ".cache", "copr", `${host}-session`);
}

/** Upstream's client lets everybody read the file. Whose it is can't be a reason to fail. */
async function keepPrivate(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) await chmod(path, 0o600).catch(() => undefined);
}

function isSession(value: unknown): value is Session {
  if (typeof value !== "object" || value === null) return false;
  const { name, session, expiration } = value as Record<string, unknown>;
  return typeof name === "string" && isCookieValue(session) && typeof expiration === "number";
}

/** Whether it can be sent as the value of a cookie. */
function isCookieValue(value: unknown): value is string {
  return typeof value === "string" && /^[!-:<-~]+$/.test(value);
}
