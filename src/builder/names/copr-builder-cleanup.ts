import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError, errorCode } from "../../core/errors.ts";
import { tryLock } from "../../core/files/lock.ts";
import { run as runProgram } from "../../core/process/run.ts";
import { scrubKeptChroots, scrubLeftChroot } from "../buildroot/chroot.ts";
import { removeState } from "../state/clean-state.ts";
import { settle } from "../history/task-notes.ts";
import { endRunningTask } from "../task/end-task.ts";
import { builderExitCodes } from "../errors.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import type { Settings } from "../settings.ts";
import { type StateDirectory, withFormerSlots } from "../state/state-directory.ts";
import { readStatus, type TaskStatus } from "../state/status.ts";
import { print, printError } from "../terminal.ts";
import { parseWords } from "./parse-words.ts";

const HOOKS = "/etc/copr-builder/hooks/cleanup";

/** Constant text; the hooks come as its arguments. One shell for all, so that they can pass variables on. */
const RUN_HOOKS = 'for hook; do source "$hook"; done';

/** The command line of `copr-builder-cleanup`. */
export function createProgram(): Command {
  return addHostOptions(new Command("copr-builder-cleanup"))
    .summary("make this machine ready for its next user")
    .description("Ends the running task and removes all that tasks have left, then runs the hooks of the administrator. For root.")
    .option("--version", "print the version")
    .allowExcessArguments();
}

/** `copr-builder-cleanup`: anything but 0 means that the machine must not be used again. */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  if (!parseWords(program, words)) return builderExitCodes.ok;
  if (process.getuid?.() !== 0) throw new CoprError("Only root can clean a builder up");
  const { settings, slots } = await readHost(program.opts<HostOptions>());
  for (const slot of await withFormerSlots(slots)) await cleanUp(slot, settings);
  await runHooks();
  return builderExitCodes.ok;
}

async function cleanUp(slot: StateDirectory, settings: Settings): Promise<void> {
  if (!(await isThere(slot.path))) return;
  const { outcome, pid } = await endRunningTask(slot, (text) => printError(`copr-builder-cleanup: ${cleanText(text)}\n`));
  if (outcome === "stuck") throw new CoprError(`The task of process ${pid} could not be ended`);
  if (outcome === "ended") print(`Ended the task of process ${pid}\n`);
  const status = await readStatus(slot).catch(() => undefined);
  const isScrubbed = typeof status?.chroot?.unique !== "string" || (await scrubLeftChroot(slot, settings, status.chroot.unique));
  if (!(await scrubKeptChroots(slot, settings)) || !isScrubbed)
    throw new CoprError(`mock can't remove a chroot that '${slot.path}' tells of`);
  await remember(slot, status);
  await removeState(slot);
}

/** The history outlives the status: the end of the last task may not be in it yet. */
async function remember(slot: StateDirectory, status: TaskStatus | undefined): Promise<void> {
  if (!status?.mark) return;
  const lock = await tryLock(slot.lock).catch(() => undefined);
  // Another task has begun, which has done it.
  if (lock === undefined) return;
  await settle(slot, status).finally(() => lock.release());
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function runHooks(): Promise<void> {
  const names = await readdir(HOOKS).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return [];
    throw new CoprError(`Cannot read the hooks in '${HOOKS}'`, { cause: error });
  });
  const hooks = names.filter((name) => name.endsWith(".sh") && !name.startsWith(".")).sort();
  if (hooks.length === 0) return;
  const argv = ["bash", "-e", "-x", "-c", RUN_HOOKS, "bash", ...hooks.map((name) => join(HOOKS, name))];
  const { exitCode } = await runProgram(argv, { cwd: "/", onOutput: print });
  if (exitCode !== 0) throw new CoprError(`A hook in '${HOOKS}' failed with exit status ${exitCode}`);
}
