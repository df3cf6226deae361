import { readFile, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CoprError, describeFileError } from "../../core/errors.ts";
import type { Shape } from "../../core/records/shape.ts";

/** When a machine that was lent to a user goes away, as that was set. */
export interface ExpirationRecord {
  /** Epoch seconds; 0 for at once. */
  expires_on: number;
}

export const expirationShape: Shape<ExpirationRecord> = { fields: { expires_on: "shown" } };

/** Upstream's limit; what counts in the end is copr-backend's own. */
const MAX_SECONDS = 3 * 24 * 60 * 60;

/** When this machine goes away, epoch seconds; undefined where it was not lent to anybody. */
export async function readExpiration(path: string): Promise<number | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Sets the time; copr-backend reads a floating-point number. */
export async function writeExpiration(path: string, seconds: number): Promise<void> {
  try {
    await writeFile(path, seconds === 0 ? "0" : Number.isInteger(seconds) ? `${seconds}.0` : String(seconds));
  } catch (error) {
    throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
  }
}

/** The latest time, epoch seconds: counted from when the user's key came here. Undefined without a key. */
export async function latestExpiration(): Promise<number | undefined> {
  return stat(join(homedir(), ".ssh", "authorized_keys")).then(
    ({ mtimeMs }) => mtimeMs / 1000 + MAX_SECONDS,
    () => undefined,
  );
}

/** Local time, as Python prints a datetime. */
export function formatTime(epochSeconds: number): string {
  const microseconds = Math.round(epochSeconds * 1e6);
  const fraction = ((microseconds % 1e6) + 1e6) % 1e6;
  const time = new Date((microseconds - fraction) / 1000);
  const seconds = `${formatMinutes(epochSeconds, time)}:${two(time.getSeconds())}`;
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(6, "0")}`;
}

/** The same without seconds. */
export function formatMinutes(epochSeconds: number, time = new Date(Math.floor(epochSeconds) * 1000)): string {
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
