import { constants } from "node:fs";
import { open, readdir, readFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { describeFileError } from "../../core/errors.ts";
import { exists, isDirectory } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { setting } from "../../core/mock/settings.ts";
import { run } from "../../core/process/run.ts";
import { taskEnvironment } from "../task/environment.ts";
import type { Settings } from "../settings.ts";
import { ensureSharedDirectory } from "../state/shared-directory.ts";
import { removeByName } from "../state/clean-state.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { TaskContext } from "../task/task-context.ts";
import { type Chroot, isUniqueName, mockCommand, runMock, scrubArguments } from "./mock-command.ts";
import { keepsBootstrapCaches, placeOfNoCaches } from "./root-cache.ts";
import { withScrubConfig } from "./scrub-config.ts";

/** How long the removal of a killed task's chroot may hold up the next task. */
const LEFT_CHROOT_LIMIT_MS = 60_000;
/** How long it may hold up the end of a canceled one; with what its own end takes, within the patience of who cancels. */
const ENDED_CHROOT_LIMIT_MS = 10_000;
/** Between the signals that end a mock which does not come to an end with it. */
const SCRUB_GRACE_MS = 2000;

/**
 * Notes the chroot that mock is about to make, with a configuration for its removal: also after a crash, when results
 * and work files are gone.
 */
export async function noteChroot(context: TaskContext, { config, unique }: Chroot): Promise<void> {
  const { directory, settings, setChroot } = context;
  const keeping = (await keepsBootstrapCaches(context)) ? cachesElsewhere(settings) : "";
  await writeFileAtomic(directory.chrootConfig, `${await readFile(config, "utf8")}${keeping}`);
  await setChroot({ config: directory.chrootConfig, unique });
}

/** mock can't remove a bootstrap chroot without the root caches of all such chroots, so it is told to look for them elsewhere. */
function cachesElsewhere(settings: Settings): string {
  return `
# Removing the chroot leaves the caches
${setting("cache_topdir", placeOfNoCaches(settings))}
`;
}

/** Leaves the chroot to the user of a lent machine; copr-builder-cleanup removes it. */
export async function keepChroot({ directory, setChroot, log }: TaskContext, { unique }: Pick<Chroot, "unique">): Promise<void> {
  try {
    await ensureSharedDirectory(directory.keptChroots);
    await rename(directory.chrootConfig, join(directory.keptChroots, `${unique}${CONFIG_SUFFIX}`));
  } catch (error) {
    log.say(`The chroot stays without a note: ${describeFileError(error)}`);
  }
  await setChroot(null);
}

/** The chroot is gone. */
export async function forgetChroot({ directory, setChroot }: TaskContext): Promise<void> {
  await setChroot(null);
  await removeTree(directory.chrootConfig);
}

/** Removes the chroot that was noted, and its root cache where none is kept. */
export async function scrub(context: TaskContext, { unique }: Pick<Chroot, "unique">): Promise<void> {
  const { directory, settings } = context;
  const command = mockCommand({ config: directory.chrootConfig, unique }, settings);
  const argv = [...command, ...scrubArguments(...(settings.rootCaches === 0 ? ["root-cache" as const] : []))];
  if ((await runMock(context, argv)) === 0) await forgetChroot(context);
}

/**
 * Removes the chroot of a task that is being ended, when no program of the task may be started any more. What can't be
 * done in this time is left to the next task: whoever cancels waits.
 */
export async function scrubAfterAbort(
  { directory, settings, environment, log, setChroot }: TaskContext,
  { unique }: Chroot,
): Promise<void> {
  log.say("Removing the chroot");
  const chroot = { config: directory.chrootConfig, unique };
  if (!(await scrubQuietly(chroot, settings, { environment, limitMs: ENDED_CHROOT_LIMIT_MS }))) return;
  await setChroot(null);
  await removeTree(directory.chrootConfig);
}

/** Removes what a killed mock has left; false when that failed. */
export async function scrubLeftChroot(directory: StateDirectory, settings: Settings, unique: string): Promise<boolean> {
  const config = directory.chrootConfig;
  if (!(await exists(config))) return true;
  return scrubAsOwner({ config, unique }, directory, settings);
}

/** Removes the chroots that were left to the user of a lent machine; false when that failed. */
export async function scrubKeptChroots(directory: StateDirectory, settings: Settings): Promise<boolean> {
  let isDone = true;
  for (const chroot of await keptChroots(directory)) {
    if (!(await scrubAsOwner(chroot, directory, settings))) isDone = false;
  }
  return isDone;
}

/** The chroots that were left to the user of a lent machine. */
export async function keptChroots(directory: StateDirectory): Promise<Chroot[]> {
  // What another directory holds is nobody's notes.
  const names = (await isDirectory(directory.keptChroots)) ? await readdir(directory.keptChroots).catch(() => []) : [];
  const chroots = names.map((name) => ({ config: join(directory.keptChroots, name), unique: basename(name, CONFIG_SUFFIX) }));
  return chroots.filter(({ unique }) => isUniqueName(unique));
}

const CONFIG_SUFFIX = ".cfg";
const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Removes a chroot and its note. Root runs no mock on a configuration that another user wrote, which is Python, but lets
 * that user do it, on a copy that nobody changes meanwhile.
 */
export async function scrubAsOwner(chroot: Chroot, directory: StateDirectory, settings: Settings): Promise<boolean> {
  const environment = taskEnvironment({ home: directory.path, mark: "", allowLocalFiles: false });
  const options = { environment, limitMs: LEFT_CHROOT_LIMIT_MS };
  const isDone =
    process.getuid?.() === 0
      ? await withCopy(chroot, (copy, prefix) => scrubQuietly(copy, settings, { ...options, prefix }))
      : await scrubQuietly(chroot, settings, options);
  if (isDone) await removeByName(chroot.config, directory);
  return isDone;
}

async function withCopy({ config, unique }: Chroot, work: (copy: Chroot, prefix: readonly string[]) => Promise<boolean>): Promise<boolean> {
  try {
    const file = await open(config, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      if (!info.isFile() || info.nlink > 1 || info.size > MAX_CONFIG_BYTES) return false;
      return await withScrubConfig(basename(config), await file.readFile(), (copy) => work({ config: copy, unique }, asUser(info)));
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/** The words that start a program as somebody else; none for root. */
export function asUser({ uid, gid }: { uid: number; gid: number }): string[] {
  return uid === 0 ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--init-groups", "--"];
}

interface ScrubOptions {
  environment: Readonly<Record<string, string>>;
  limitMs: number;
  prefix?: readonly string[];
}

/** Whether mock could remove a chroot. */
async function scrubQuietly(chroot: Chroot, settings: Settings, { environment, limitMs, prefix = [] }: ScrubOptions): Promise<boolean> {
  return runQuietly([...prefix, ...mockCommand(chroot, settings), ...scrubArguments()], { environment, limitMs });
}

/** Whether a command line of mock ended well within its time. */
export async function runQuietly(argv: readonly string[], { environment, limitMs }: Omit<ScrubOptions, "prefix">): Promise<boolean> {
  const signal = AbortSignal.timeout(limitMs);
  const options = { env: environment, signal, graceMs: SCRUB_GRACE_MS, hasTerminal: true, onOutput: () => undefined };
  const ending = await run(argv, options).catch(() => undefined);
  return ending?.exitCode === 0;
}
