import { readFile } from "node:fs/promises";
import { removeTree } from "../../core/files/remove-tree.ts";
import { hasHooks } from "../hooks/hook-programs.ts";
import { type HookWork, startHooks } from "../hooks/start-hooks.ts";
import { closeLogOf } from "../log/closing-line.ts";
import { removeCgroup } from "../cost/remove-cgroup.ts";
import { unmarkSuccess } from "../results/results.ts";
import { endTaskProcesses } from "./leftovers.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { readStatus, reasonOfDeath } from "../state/status.ts";

/**
 * Started when the builder has gone without a good-bye, see keeper-client.ts. Arguments: state directory as JSON, mark of
 * the task, pid of the builder, its hooks as JSON.
 */
async function keep([paths = "", mark = "", pid, hooks = ""]: readonly string[]): Promise<void> {
  await cleanUp(paths, mark, pid);
  // The end of a builder is worth telling, too.
  const work = hooks === "" ? undefined : (JSON.parse(hooks) as HookWork);
  if (work && (await hasHooks(work.hooksDirectory))) await startHooks(work);
}

async function cleanUp(paths: string, mark: string, pid: string | undefined): Promise<void> {
  const directory = JSON.parse(paths) as StateDirectory;
  const status = await readStatus(directory).catch(() => undefined);
  // At once: those who follow the log leave when they see that the builder is gone. What it had marked before it could say so
  // is no success.
  if (status?.mark === mark && status.ended_on === null) {
    await unmarkSuccess(directory.results).catch(() => undefined);
    await closeLogOf(directory, status, reasonOfDeath(status));
  }
  await endTaskProcesses(status?.mark === mark ? status : { mark, program: null, pid_start_time: 0 }, { isGentle: true });
  if (status?.mark === mark && typeof status.cgroup === "string") await removeCgroup(status.cgroup, { kills: true });
  // The next task may have begun meanwhile; its files are not ours.
  const owner = await readFile(directory.pid, "latin1").catch(() => pid);
  if (status?.mark !== mark || owner !== pid) return;
  for (const file of [directory.running, directory.pid, directory.loggerPid]) await removeTree(file);
}

// Nobody hears it: whoever started it is gone.
keep(process.argv.slice(2)).catch(() => process.exit(1));
