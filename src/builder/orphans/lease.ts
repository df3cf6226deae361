import { constants } from "node:fs";
import { access, lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { readExpiration } from "../host/expiration.ts";
import type { BuilderHost } from "../options.ts";
import type { Settings } from "../settings.ts";
import { removeByName } from "../state/clean-state.ts";
import type { Sweep } from "./orphan.ts";

/** copr-backend looks at the lease now and then, and takes a missing one for a fresh one, so an ended one stays as long. */
const GRACE_MS = 60 * 60 * 1000;

/** How a machine is lent: not at all, still, or once, which nobody has tidied up. */
export type LeaseState = "none" | "running" | "over";

export async function leaseState({ expirationPath }: Pick<Settings, "expirationPath">): Promise<LeaseState> {
  const info = await lstat(expirationPath).catch(() => undefined);
  if (!info?.isFile()) return "none";
  const expiration = await readExpiration(expirationPath);
  // A text that is no time tells nothing: it may be being written.
  if (expiration === undefined) return "running";
  // Released machines have the time 0, so when that was written counts.
  return Math.max(expiration * 1000, info.mtimeMs) + GRACE_MS < Date.now() ? "over" : "running";
}

/** Removes a lease that is over. */
export async function sweepLease({ settings }: BuilderHost, sweep: Sweep): Promise<void> {
  const { expirationPath: name } = settings;
  if ((await leaseState(settings)) !== "over" || !(await mayRemove(name))) return;
  await sweep.take({ kind: "lease", name, reason: "it ended more than an hour ago", remove: () => removeByName(name) });
}

/** A lease is root's as a rule: for others it is nothing of theirs. */
async function mayRemove(path: string): Promise<boolean> {
  return access(dirname(path), constants.W_OK).then(
    () => true,
    () => false,
  );
}
