import { createHash } from "node:crypto";
import { stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDirectory } from "../files/directories.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { daysUntil, describeDays } from "./expiration.ts";

const DAY_MS = 86_400_000;

/**
 * A sentence for the owner of a token that expires soon, or has expired; undefined if it was told within a day. An empty file
 * remembers that; where there can be none, it is told each time.
 */
export async function expirationNotice(path: string, expiration: string): Promise<string | undefined> {
  if (await wasToldToday(path)) return undefined;
  const days = daysUntil(expiration);
  const remedy = days < 0 ? "copr-cli login gets a new one" : "copr-cli new-api-token renews it";
  return `The API token in ${path} ${days < 0 ? "expired" : "expires"} ${describeDays(days)} (${expiration}): ${remedy}.`;
}

/** Whether the notice of this file was given within a day; from now on it was. */
async function wasToldToday(path: string): Promise<boolean> {
  try {
    const directory = cacheDirectory();
    const mark = join(directory, `expiration-${createHash("sha256").update(path).digest("hex").slice(0, 32)}`);
    const age = Date.now() - (await stat(mark).catch(() => ({ mtimeMs: -Infinity }))).mtimeMs;
    if (age >= 0 && age < DAY_MS) return true;
    await ensureDirectory(directory, 0o700);
    await writeFile(mark, "", { mode: 0o600 });
    // To write nothing into an empty file may leave its time alone.
    await utimes(mark, new Date(), new Date());
  } catch {
    // It is told too often, rather than never.
  }
  return false;
}
