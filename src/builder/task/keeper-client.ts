import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { startDetached } from "../../core/process/detached.ts";
import type { HookWork } from "../hooks/start-hooks.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** The process that cleans up if this one is killed. */
export interface Keeper {
  /** Lets it go: everything is in order. */
  dismiss(): void;
}

/**
 * Waits as a shell, which takes a fiftieth of the memory for the hours of a build, and none of the time of its start;
 * only a builder that goes without a good-bye makes it the keeper's program. Constant: what it runs are its arguments.
 */
const WAIT = 'read -r word && [ "$word" = done ] || exec "$@"';

/**
 * Starts the keeper: it waits at the other end of a pipe, and when that closes without a good-bye, this process
 * was killed, and the keeper ends what it had started.
 */
export async function startKeeper(directory: StateDirectory, mark: string, hooks: HookWork | undefined): Promise<Keeper> {
  const program = fileURLToPath(new URL("./copr-builder-keeper.cjs", import.meta.url));
  const words = [JSON.stringify(directory), mark, String(process.pid), hooks === undefined ? "" : JSON.stringify(hooks)];
  const child = await startDetached(["/bin/sh", "-c", WAIT, "copr-builder-keeper", process.execPath, program, ...words], {
    cwd: "/",
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const lifeline = child.stdio[0] as Writable;
  lifeline.on("error", () => undefined);
  return {
    dismiss() {
      lifeline.end("done\n");
    },
  };
}
