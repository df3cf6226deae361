import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { CoprError } from "../../core/errors.ts";
import { setting } from "../../core/mock/settings.ts";
import { findProgram } from "../../core/process/find-program.ts";
import { capture } from "../../core/process/run.ts";
import type { Settings } from "../settings.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { taskEnvironment } from "../task/environment.ts";
import { asUser, runQuietly } from "./chroot.ts";
import { mockCommand, scrubArguments, uniqueName } from "./mock-command.ts";
import { placeOfNoCaches } from "./root-cache.ts";
import { withScrubConfig } from "./scrub-config.ts";

/** Large trees on a slow disk take their time, and nobody waits. */
const SCRUB_LIMIT_MS = 600_000;

/** Whose settings these are, and the slots that tell who does the tasks. */
export interface ScrubHost {
  settings: Settings;
  slots: readonly StateDirectory[];
}

/** Removes a chroot that only its name tells of, and its bootstrap chroot, but no cache. Throws CoprError. */
export function scrubChrootByName({ settings, slots }: ScrubHost, { root, unique }: { root: string; unique: string }): Promise<void> {
  const lines = [setting("root", root), setting("cache_topdir", placeOfNoCaches(settings))];
  return scrub({ settings, slots }, unique, lines, scrubArguments());
}

/** Removes the caches of a chroot and of its bootstrap chroot, but no chroot. `directory` is where they are. Throws CoprError. */
export function scrubCacheByName({ settings, slots }: ScrubHost, root: string, directory: string): Promise<void> {
  const lines = [setting("root", root), setting("cache_topdir", directory)];
  // What it begins itself goes with it, under a name that nobody else has.
  return scrub({ settings, slots }, uniqueName(), lines, scrubArguments("cache"));
}

async function scrub({ settings, slots }: ScrubHost, unique: string, lines: readonly string[], words: readonly string[]): Promise<void> {
  if (!(await findProgram("mock"))) throw new CoprError("The program 'mock' is not installed, and only it can remove that");
  const all = [...lines, "config_opts['target_arch'] = config_opts['host_arch']", setting("basedir", settings.mockDirectory)];
  await withScrubConfig("scrub.cfg", `${all.join("\n")}\n`, async (config) => {
    const argv = [...(await builderWords(slots)), ...mockCommand({ config, unique }, settings), ...words];
    const environment = taskEnvironment({ home: dirname(config), mark: "", allowLocalFiles: false });
    if (!(await runQuietly(argv, { environment, limitMs: SCRUB_LIMIT_MS }))) throw new CoprError("mock can't remove it");
  });
}

/** mock does not work for root, so root has it work for who does the tasks here: the owner of a status or log, or the usual user. */
async function builderWords(slots: readonly StateDirectory[]): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  for (const path of slots.flatMap(({ status, liveLog }) => [status, liveLog])) {
    const info = await lstat(path).catch(() => undefined);
    if (info?.isFile() && info.uid !== 0) return asUser(info);
  }
  const { stdout } = await capture(["getent", "passwd", "mockbuilder"]);
  const [, , uid, gid] = stdout.toString().split(":");
  return uid === undefined || gid === undefined ? [] : asUser({ uid: Number(uid), gid: Number(gid) });
}
