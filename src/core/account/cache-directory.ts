import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where this client alone keeps what it may forget; the Kerberos session is shared with upstream's, and lies elsewhere. */
export function cacheDirectory(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? "";
  // A relative one is to be ignored, says the XDG specification.
  return join(isAbsolute(base) ? base : join(homedir(), ".cache"), "copr");
}
