import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** A login that the frontend remembers, made by Kerberos. */
export interface Session {
  /** User's name. */
  name: string;
  /** Value of the frontend's cookie. */
  session: string;
  /** Epoch seconds. The client's own figure: the frontend may end the session sooner. */
  expiration: number;
}

/** File that keeps the session of a frontend, shared with upstream's client; XDG_CACHE_HOME plays no part there. */
function sessionCachePath(coprUrl: string): string {
  return join(homedir(), ".cache", "copr", `${new URL(coprUrl).host}-session`);
}

/** The session kept for a frontend; undefined when there is none, it has expired, or the file is no use. */
export async function readCachedSession(coprUrl: string): Promise<Session | undefined> {
  try {
    const session: unknown = JSON.parse(await readFile(sessionCachePath(coprUrl), "utf8"));
    return isSession(session) && session.expiration > Date.now() / 1000 ? session : undefined;
  } catch {
    // A new login mends whatever is wrong with a cache.
    return undefined;
  }
}

function isSession(value: unknown): value is Session {
  if (typeof value !== "object" || value === null) return false;
  const { name, session, expiration } = value as Record<string, unknown>;
  return typeof name === "string" && typeof session === "string" && typeof expiration === "number";
}
