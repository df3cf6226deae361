import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { isWritable } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { setIniValues } from "../../core/text/ini.ts";
import type { Context } from "../context.ts";
import { markAsOwn, removeAbandonedWorkplaces, WORKPLACE_PREFIX } from "./abandoned-workplaces.ts";

/** A private directory in which the builder does one task, with a configuration that keeps it there. */
export interface Workplace {
  directory: string;
  /** Path of the configuration for the builder's `--config`. */
  config: string;
  /** Where the builder leaves log, status and results. */
  state: string;
  results: string;
  remove(): Promise<void>;
}

/** What the task is to be done with. */
interface WorkplaceOptions {
  frontendUrl: string;
  /** rpmbuild on this machine instead of mock. */
  isOnHost: boolean;
}

/**
 * Gives work a workplace, and removes that after it, unless it is to stay; after an interruption it never does. After a kill
 * that nobody survives the next one removes it.
 * @param isKept whether it stays
 */
export async function inWorkplace(
  context: Context,
  isKept: boolean,
  isOnHost: boolean,
  work: (place: Workplace) => Promise<void>,
): Promise<void> {
  const place = await makeWorkplace({ frontendUrl: (await context.config()).coprUrl, isOnHost });
  const mark = isKept ? undefined : await markAsOwn(place.directory);
  try {
    await work(place);
  } finally {
    if (!isKept || context.interrupted.aborted) await place.remove();
    await mark?.release();
  }
}

/** Where the system has space for what is large and may go. */
const LARGE_TEMPORARY = "/var/tmp";

/** Makes a workplace. Nothing of a builder that this machine may have besides is touched: neither its state nor its log. */
async function makeWorkplace(options: WorkplaceOptions): Promise<Workplace> {
  const parent = process.env["TMPDIR"] || ((await isWritable(LARGE_TEMPORARY)) ? LARGE_TEMPORARY : tmpdir());
  await removeAbandonedWorkplaces(parent);
  const directory = await mkdtemp(join(parent, WORKPLACE_PREFIX)).catch((cause: unknown) => {
    throw new CoprError(`Cannot make a directory in '${parent}': ${describeFileError(cause)}`, { cause, hint: "TMPDIR names another." });
  });
  const remove = (): Promise<void> => removeTree(directory);
  try {
    const state = join(directory, "state");
    const results = join(directory, "results");
    await mkdir(state);
    const config = join(directory, "main.ini");
    await writeFileAtomic(config, await configurationText({ ...options, directory, state, results }), 0o600);
    return { directory, config, state, results, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const DEFAULT_CONFIG = "/etc/copr-rpmbuild/main.ini";

/** This machine's configuration of the builder, if it has one, but for where things are. */
async function configurationText({
  frontendUrl,
  isOnHost,
  directory,
  state,
  results,
}: WorkplaceOptions & Omit<Workplace, "config" | "remove">): Promise<string> {
  const text = await machineConfiguration();
  return setIniValues(/^\s*\[main\]/m.test(text) ? text : `[main]\n${text}`, "main", {
    frontend_url: frontendUrl,
    buildroot: isOnHost ? "host" : "mock",
    state_dir: state,
    resultdir: results,
    workspace: join(directory, "workspace"),
    lockfile: join(state, "lockfile"),
    logfile: join(state, "main.log"),
    pidfile: join(state, "pid"),
    logger_pidfile: join(state, "logger_pid"),
    slots: "1",
    // What those who run builders are told of is no business of a build at home.
    hooks_directory: "",
    // Its notes of mock's root caches would go with this directory, and the caches stay for ever.
    root_caches: "0",
    // Somebody is waiting.
    clone_retry_seconds: "30",
  });
}

async function machineConfiguration(): Promise<string> {
  const named = process.env["COPR_BUILDER_CONFIG"] || undefined;
  try {
    return await readFile(named ?? DEFAULT_CONFIG, "utf8");
  } catch (error) {
    if (named === undefined && ["ENOENT", "EACCES"].includes(errorCode(error) ?? "")) return "";
    throw new CoprError(`Cannot read the configuration '${named ?? DEFAULT_CONFIG}': ${describeFileError(error)}`, { cause: error });
  }
}
