import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError, errorCode, UsageError } from "../../core/errors.ts";
import { tryLock } from "../../core/files/lock.ts";
import { run as runProgram } from "../../core/process/run.ts";
import { scrubKeptChroots, scrubLeftChroot } from "../buildroot/chroot.ts";
import { removeByName, removeState } from "../state/clean-state.ts";
import { settle } from "../history/task-notes.ts";
import { endRunningTask } from "../task/end-task.ts";
import { builderExitCodes } from "../errors.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { orphanShape } from "../orphans/orphan-text.ts";
import { addOutputOptions, openOutput, type OutputOptions } from "../output.ts";
import type { Settings } from "../settings.ts";
import { isOwnPath, linkTo } from "../state/own-path.ts";
import { type StateDirectory, withFormerSlots } from "../state/state-directory.ts";
import { readStatus, type TaskStatus } from "../state/status.ts";
import { print, printError } from "../terminal.ts";
import { parseWords } from "./parse-words.ts";

const HOOKS = "/etc/copr-builder/hooks/cleanup";

/** Constant text; the hooks come as its arguments. One shell for all, so that they can pass variables on. */
const RUN_HOOKS = 'for hook; do source "$hook"; done';

interface Options extends HostOptions, OutputOptions {
  orphans?: boolean;
  dryRun?: boolean;
  cacheMaxAge?: number;
  cacheMaxSize?: number;
  resultsMaxAge?: number;
}

/** The command line of `copr-builder-cleanup`. */
export function createProgram(): Command {
  const command = addHostOptions(new Command("copr-builder-cleanup"))
    .summary("make this machine ready for its next user")
    .description("Ends the running task and removes all that tasks have left, then runs the hooks of the administrator. For root.")
    .option("--orphans", "only remove what dead tasks have left, beside those that run")
    .option("--dry-run", "with --orphans: only list it")
    .option("--cache-max-age <days>", "with --orphans: caches of mock that were not used for longer go", limit)
    .option("--cache-max-size <mebibytes>", "with --orphans: the caches of mock may take so much together", limit)
    .option("--results-max-age <days>", "with --orphans: results of tasks that ended longer ago go", limit)
    .option("--version", "print the version")
    .allowExcessArguments();
  return addOutputOptions(command, orphanShape).addHelpText(
    "after",
    "\nExamples:\n  copr-builder-cleanup\n  copr-builder-cleanup --orphans --dry-run\n  copr-builder-cleanup --orphans --cache-max-age 7 --cache-max-size 20480",
  );
}

/**
 * `copr-builder-cleanup`: anything but 0 means that the machine must not be used again; with --orphans, that something
 * is left.
 */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  if (!parseWords(program, words)) return builderExitCodes.ok;
  const options = program.opts<Options>();
  if (options.orphans) return cleanOrphansUp(options);
  const [stray] = Object.keys(options).filter((name) => !["config", "stateDir"].includes(name));
  if (stray !== undefined) {
    const flag = program.options.find((option) => option.attributeName() === stray)?.long ?? stray;
    throw new UsageError(`${flag} is only for --orphans`);
  }
  if (process.getuid?.() !== 0) throw new CoprError("Only root can clean a builder up");
  const { settings, slots } = await readHost(options);
  for (const slot of await withFormerSlots(slots)) await cleanUp(slot, settings);
  await runHooks();
  return builderExitCodes.ok;
}

/** Everybody may do it, with what is theirs. */
async function cleanOrphansUp({ dryRun = false, ...options }: Options): Promise<number> {
  const output = openOutput(options, orphanShape);
  const { settings, slots } = await readHost(options);
  const { cacheMaxAge, cacheMaxSize, resultsMaxAge } = options;
  const limits = {
    cacheMaxDays: cacheMaxAge ?? settings.cacheMaxDays,
    cacheMaxMebibytes: cacheMaxSize ?? settings.cacheMaxMebibytes,
    resultsMaxDays: resultsMaxAge ?? settings.resultsMaxDays,
  };
  // Most calls of this program do without it.
  const { reportOrphans } = await import("../orphans/report.ts");
  return reportOrphans({ settings: { ...settings, ...limits }, slots: await withFormerSlots(slots) }, output, dryRun);
}

/** As in the configuration: a whole number, 0 for no limit. */
function limit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It is no whole number.");
  return Number(text);
}

async function cleanUp(slot: StateDirectory, settings: Settings): Promise<void> {
  // A link that a user has put in the place of a slot's directory goes itself; where it leads to is nothing of ours.
  const link = (await isOwnPath(slot)) ? undefined : await linkTo(slot);
  if (link !== undefined) return removeByName(link, slot);
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
