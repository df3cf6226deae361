import { lstat, readdir, readFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { exists, removeTree, writeFileAtomic } from "../../core/files.ts";
import { run } from "../../core/process.ts";
import { taskEnvironment } from "../task/environment.ts";
import type { Settings } from "../settings.ts";
import { ensureSharedDirectory } from "../state/shared-directory.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { TaskContext } from "../task/task-context.ts";
import { type Chroot, isUniqueName, mockCommand, runMock, scrubArguments } from "./mock-command.ts";
import { keepsBootstrapCaches } from "./root-cache.ts";

/** How long the removal of a killed task's chroot may hold up the next task. */
const LEFT_CHROOT_LIMIT_MS = 60_000;
/** How long it may hold up the end of a canceled one. */
const ENDED_CHROOT_LIMIT_MS = 20_000;

/**
 * Notes the chroot that mock is about to make, with a configuration for its removal: also after a crash, when results
 * and work files are gone.
 */
export async function noteChroot(context: TaskContext, { config, unique }: Chroot): Promise<void> {
  const { directory, setChroot } = context;
  const keeping = (await keepsBootstrapCaches(context)) ? ELSEWHERE : "";
  await writeFileAtomic(directory.chrootConfig, `${await readFile(config, "utf8")}${keeping}`);
  await setChroot({ config: directory.chrootConfig, unique });
}

/** mock can't remove a bootstrap chroot without the root caches of all such chroots, so it is told to look for them elsewhere. */
const ELSEWHERE = `
# Removing the chroot leaves the caches
config_opts['cache_topdir'] = '/var/cache/mock/copr-builder-none'
`;

/** Leaves the chroot to the user of a lent machine; copr-builder-cleanup removes it. */
export async function keepChroot({ directory, setChroot }: TaskContext, { unique }: Pick<Chroot, "unique">): Promise<void> {
  await ensureSharedDirectory(directory.keptChroots);
  await rename(directory.chrootConfig, join(directory.keptChroots, `${unique}${CONFIG_SUFFIX}`));
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
export async function scrubAfterAbort(context: TaskContext, { unique }: Chroot): Promise<void> {
  context.log.say("Removing the chroot");
  const { directory, settings } = context;
  const noted = { config: directory.chrootConfig, unique, limitMs: ENDED_CHROOT_LIMIT_MS };
  if (await scrubNoted(directory, settings, noted)) await forgetChroot(context);
}

/** Removes what a killed mock has left. As far as it goes: the next task does not depend on it. */
export async function scrubLeftChroot(
  directory: StateDirectory,
  settings: Settings,
  unique: string,
  prefix: readonly string[] = [],
): Promise<void> {
  const config = directory.chrootConfig;
  if (!(await exists(config))) return;
  await scrubNoted(directory, settings, { config, unique, prefix, limitMs: LEFT_CHROOT_LIMIT_MS });
  await removeTree(config);
}

/** The same for root, who must not run mock on a configuration that others can write: it runs as the owner of the state. */
export async function scrubChrootAs(owner: Owner, directory: StateDirectory, settings: Settings, unique: string): Promise<void> {
  await scrubLeftChroot(directory, settings, unique, asUser(owner));
}

/** Removes the chroots that were left to the user of a lent machine; for root, as above. */
export async function scrubKeptChroots(directory: StateDirectory, settings: Settings): Promise<void> {
  for (const name of await readdir(directory.keptChroots).catch(() => [])) {
    const config = join(directory.keptChroots, name);
    const unique = basename(name, CONFIG_SUFFIX);
    if (!isUniqueName(unique)) continue;
    await scrubNoted(directory, settings, { config, unique, prefix: asUser(await lstat(config)), limitMs: LEFT_CHROOT_LIMIT_MS });
  }
}

interface Owner {
  uid: number;
  gid: number;
}

function asUser({ uid, gid }: Owner): string[] {
  return uid === 0 ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--init-groups", "--"];
}

const CONFIG_SUFFIX = ".cfg";

/** Whether mock could remove a chroot by the configuration that was noted. */
async function scrubNoted(
  directory: StateDirectory,
  settings: Settings,
  { config, unique, limitMs, prefix = [] }: Chroot & { limitMs: number; prefix?: readonly string[] },
): Promise<boolean> {
  const env = taskEnvironment({ home: directory.path, mark: "", allowLocalFiles: false });
  const signal = AbortSignal.timeout(limitMs);
  const argv = [...prefix, ...mockCommand({ config, unique }, settings), ...scrubArguments()];
  const ending = await run(argv, { env, signal, hasTerminal: true, onOutput: () => undefined }).catch(() => undefined);
  return ending?.exitCode === 0;
}
