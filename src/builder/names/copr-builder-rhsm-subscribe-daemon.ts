import { setTimeout as sleep } from "node:timers/promises";
import { readKey } from "../host/activation-key.ts";
import { builderExitCodes } from "../errors.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { subscribe } from "../host/subscription.ts";
import { print, printError } from "../terminal.ts";

const RETRY_MS = 5000;

/** `copr-builder-rhsm-subscribe-daemon ORG_ID SYSTEM_NAME`: tries until it works, then lets copr-builder-ready know. */
export async function run(words: readonly string[]): Promise<number> {
  const [orgId, systemName] = words;
  if (orgId === undefined || systemName === undefined || words.length !== 2) {
    printError("Usage: copr-builder-rhsm-subscribe-daemon ORG_ID SYSTEM_NAME < FILE\n\nThe activation key is read from standard input.\n");
    return builderExitCodes.failed;
  }
  if (process.getuid?.() !== 0) {
    printError("run as root\n");
    return builderExitCodes.failed;
  }
  const key = await readKey("RH Activation Key: ");
  while ((await subscribe({ orgId, systemName, key }, print)) !== 0) await sleep(RETRY_MS);
  await ensureDirectory("/run/copr-builder", 0o775);
  await writeFileAtomic("/run/copr-builder/rhsm-subscribed", "");
  return builderExitCodes.ok;
}
