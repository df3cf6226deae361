import { realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CoprError } from "../errors.ts";
import { capture } from "../process/run.ts";
import { shellLine } from "../text/shell-line.ts";

/**
 * Throws CoprError where git refuses a checkout, as it does with those of other users: so are most that a CI system hands to a
 * container. What is no checkout is none of its business.
 */
export async function requireReadableCheckout(directory: string): Promise<void> {
  const { exitCode, stderr } = await capture(["git", "-C", directory, "rev-parse", "--git-dir"]);
  if (exitCode === 0) return;
  const top = await topOfCheckout(await realpath(directory));
  if (top === undefined) return;
  if ((await stat(top)).uid === process.getuid?.()) {
    throw new CoprError(`git can't read the checkout '${top}': ${stderr.toString().trim().split("\n", 1)[0]}`);
  }
  throw new CoprError(`git does not read the checkout '${top}', as it belongs to another user`, {
    hint: `If you trust what is in it: ${shellLine(["git", "config", "--global", "--add", "safe.directory", top])}`,
  });
}

/** The directory with the repository; undefined where there is none. */
async function topOfCheckout(directory: string): Promise<string | undefined> {
  for (let at = directory; ; at = dirname(at)) {
    if ((await stat(join(at, ".git")).catch(() => undefined)) !== undefined) return at;
    if (dirname(at) === at) return undefined;
  }
}
