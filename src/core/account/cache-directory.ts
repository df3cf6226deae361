import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** What files of the cache are called: `removeOld` in name-cache.ts takes those away that nobody writes any more. */
export const CACHE_PREFIX = "names-";

/** Where this client alone keeps what it may forget; the Kerberos session is shared with upstream's, and lies elsewhere. */
export function cacheDirectory(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? "";
  // A relative one is to be ignored, says the XDG specification.
  return join(isAbsolute(base) ? base : join(homedir(), ".cache"), "copr");
}

/** Name of the file, without `.json`, for something of a frontend. Owners' names and addresses are no file names, hence the hash. */
export function cacheName(coprUrl: string, topic: string): string {
  return `${CACHE_PREFIX}${createHash("sha256").update(`${coprUrl}\n${topic}`).digest("hex").slice(0, 32)}`;
}
