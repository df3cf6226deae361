import { once } from "node:events";
import { userInfo } from "node:os";
import type { Readable } from "node:stream";
import { Deadline } from "../../core/process/deadline.ts";
import { endProcesses, supervise } from "../../core/process/signals.ts";
import { exitStatus, rethrowStartError, start } from "../../core/process/start.ts";
import { processesOfGroup, processesWithVariable } from "../../core/process/table.ts";
import type { Hook } from "./hook-programs.ts";

/** How and on whose behalf hooks run. */
export interface HookManners {
  /** Seconds that one may take. */
  limitSeconds: number;
  /** Path of the builder's configuration, for hooks that call copr-builder; undefined for the usual one. */
  config: string | undefined;
  stateDirectory: string;
  /** Tells what this run of the hook has started, see `endHook`. */
  mark: string;
}

/** Between the signals to a hook that takes too long. */
const GRACE_MS = 1000;
/** So much of a hook's last words is looked at. */
const LAST_WORDS = 4096;
/** Marks what a hook has started, so that it goes with the hook. It is not the variable that marks the processes of tasks. */
const HOOK_VARIABLE = "COPR_BUILDER_HOOK";

/**
 * Runs a hook to its end, with a text on its standard input; resolves to why it failed, or undefined. What it started goes
 * with it, but for who has left its group and cleared its environment, as one does who means to stay.
 */
export async function runHook(hook: Hook, input: string, manners: HookManners): Promise<string | undefined> {
  const options = { cwd: "/", env: hookEnvironment(manners) };
  const child = start([hook.path], options, { stdio: ["pipe", "ignore", "pipe"], input, isBuffered: false });
  const lastWords = keepEnd(child.stderr);
  const { pid } = child;
  const limit = new AbortController();
  const deadline = new Deadline(() => limit.abort());
  deadline.set(Date.now() + manners.limitSeconds * 1000);
  const supervision = supervise(child, { signal: limit.signal, graceMs: GRACE_MS });
  // Who stays behind may have the hook's standard error, so its end is no sign.
  const ended = once(child, "exit").then(() => endHook(manners.mark, pid));
  ended.then(() => child.stderr?.destroy()).catch(() => undefined);
  const result = await child;
  deadline.clear();
  const wasEnded = supervision.end();
  if (pid !== undefined) await ended;
  if (wasEnded) return `took longer than ${manners.limitSeconds} s, and was ended`;
  try {
    rethrowStartError(result, [hook.path], options);
  } catch (error) {
    return (error as Error).message;
  }
  const status = exitStatus(result);
  return status === 0 ? undefined : `exit status ${status}${lastWords()}`;
}

/** Only what every program may count on: nothing of the task, and no secret that the builder was started with. */
function hookEnvironment({ config, stateDirectory, mark }: HookManners): Record<string, string> {
  const { username, homedir } = userInfo();
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
    HOME: homedir,
    USER: username,
    LOGNAME: username,
    LANG: "C.UTF-8",
    COPR_BUILDER_STATE_DIR: stateDirectory,
    [HOOK_VARIABLE]: mark,
    ...(config === undefined ? {} : { COPR_BUILDER_CONFIG: config }),
  };
}

/** Ends what a hook has started: its process group, where that is known, and whatever carries its mark. */
export async function endHook(mark: string, pid?: number): Promise<void> {
  await endProcesses(() => [...(pid === undefined ? [] : processesOfGroup(pid)), ...processesWithVariable(HOOK_VARIABLE, mark)]);
}

/** Reads all of a stream and keeps its end; the function tells the last line of that. */
function keepEnd(stream: Readable | null): () => string {
  let end: Buffer = Buffer.alloc(0);
  // A hook may write as quickly as it can: of all that only so much is touched.
  stream?.on("data", (chunk: Uint8Array) => {
    end = Buffer.concat([end, chunk.subarray(-LAST_WORDS)]).subarray(-LAST_WORDS);
  });
  stream?.on("error", () => undefined);
  return () => {
    const line = end.toString().trimEnd().split("\n").at(-1) ?? "";
    return line === "" ? "" : `: ${line}`;
  };
}
