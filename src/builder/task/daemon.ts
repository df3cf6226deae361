import type { Readable } from "node:stream";
import { startDetached } from "../../core/process/detached.ts";
import { builderExitCodes, StartError } from "../errors.ts";
import { HANDSHAKE_FD, HANDSHAKE_VARIABLE, type Handshake, type StartedIn } from "./start-report.ts";

/**
 * Starts the same program again in a session of its own, and returns when it holds the lock and its log and pid
 * files exist. From then on no hang-up of our terminal or ssh connection reaches it. `words` is its command line without the
 * request to do so. Resolves to where it runs.
 */
export async function startDetachedTask(words: readonly string[], cwd = "/"): Promise<StartedIn> {
  const argv = [process.execPath, ...process.execArgv, process.argv[1] as string, ...words];
  const child = await startDetached(argv, {
    cwd,
    env: { ...definedVariables(), [HANDSHAKE_VARIABLE]: String(HANDSHAKE_FD) },
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const pipe = child.stdio[HANDSHAKE_FD] as Readable;
  let text = "";
  for await (const chunk of pipe) {
    text += String(chunk);
    if (text.endsWith("\n")) break;
  }
  pipe.destroy();
  const noWord = { started: false as const, message: "The builder process ended before the task began", exitCode: builderExitCodes.failed };
  const message = text === "" ? noWord : (JSON.parse(text) as Handshake);
  if (!message.started) throw new StartError(message);
  return message;
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
