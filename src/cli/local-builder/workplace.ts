import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { removeAbandoned } from "../../core/files/abandoned-directories.ts";
import { isWritable } from "../../core/files/directories.ts";
import { readInput } from "../../core/files/input.ts";
import { makeDirectory, makeOwnedDirectory, type OwnedDirectory } from "../../core/files/owned-directory.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { setIniValues } from "../../core/text/ini.ts";
import type { Context } from "../context.ts";

/** A private directory in which the builder does one task, with a configuration that keeps it there. */
export interface Workplace {
  directory: string;
  /** Path of the configuration for the builder's `--config`. */
  config: string;
  /** Where the builder leaves log, status and results. */
  state: string;
  results: string;
}

const MAX_CONFIG_BYTES = 1024 * 1024;

/** What the task is to be done with. */
interface WorkplaceOptions {
  frontendUrl: string;
  /** rpmbuild on this machine instead of mock. */
  isOnHost: boolean;
  signal: AbortSignal;
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
  const parent = await parentOfWorkplaces();
  // A builder that is still ending its task has its lock.
  const place = { parent, prefix: WORKPLACE_PREFIX, locks: [LOCK] };
  await removeAbandoned(place);
  const own = isKept ? keptDirectory(await makeDirectory(place)) : await makeOwnedDirectory(place);
  try {
    await work(await furnish(own.path, { frontendUrl: (await context.config()).coprUrl, isOnHost, signal: context.interrupted }));
  } finally {
    if (!isKept || context.interrupted.aborted) await removeTree(own.path);
    await own.release();
  }
}

const WORKPLACE_PREFIX = "copr-local-";
const LOCK = join("state", "lockfile");

function keptDirectory(path: string): OwnedDirectory {
  return { path, release: async () => undefined };
}

/** Where the system has space for what is large and may go. */
const LARGE_TEMPORARY = "/var/tmp";

async function parentOfWorkplaces(): Promise<string> {
  return process.env["TMPDIR"] || ((await isWritable(LARGE_TEMPORARY)) ? LARGE_TEMPORARY : tmpdir());
}

/** Makes a workplace of a directory. Nothing of a builder that this machine may have besides is touched: neither its state nor its log. */
async function furnish(directory: string, options: WorkplaceOptions): Promise<Workplace> {
  const state = join(directory, "state");
  const results = join(directory, "results");
  const config = join(directory, "main.ini");
  try {
    await mkdir(state);
    await writeFileAtomic(config, await configurationText({ ...options, directory, state, results }), 0o600);
    return { directory, config, state, results };
  } catch (error) {
    await removeTree(directory);
    throw error;
  }
}

const DEFAULT_CONFIG = "/etc/copr-rpmbuild/main.ini";

/** This machine's configuration of the builder, if it has one, but for where things are. */
async function configurationText({
  frontendUrl,
  isOnHost,
  signal,
  directory,
  state,
  results,
}: WorkplaceOptions & Omit<Workplace, "config">): Promise<string> {
  const text = await machineConfiguration(signal);
  return setIniValues(/^\s*\[main\]/m.test(text) ? text : `[main]\n${text}`, "main", {
    frontend_url: frontendUrl,
    buildroot: isOnHost ? "host" : "mock",
    state_dir: state,
    resultdir: results,
    workspace: join(directory, "workspace"),
    lockfile: join(directory, LOCK),
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

async function machineConfiguration(signal: AbortSignal): Promise<string> {
  const named = process.env["COPR_BUILDER_CONFIG"] || undefined;
  try {
    return (await readInput(named ?? DEFAULT_CONFIG, MAX_CONFIG_BYTES, signal)).toString();
  } catch (error) {
    signal.throwIfAborted();
    if (named === undefined && ["ENOENT", "EACCES"].includes(errorCode(error) ?? "")) return "";
    throw new CoprError(`Cannot read the configuration '${named ?? DEFAULT_CONFIG}': ${describeFileError(error)}`, { cause: error });
  }
}
