import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CoprError } from "../../core/errors.ts";
import { exists, isWritable } from "../../core/files/directories.ts";

/** Files of one builder slot; names and meanings of most are upstream's, which copr-backend knows. */
export interface StateDirectory {
  /** Counted from 1. The first is the state directory itself, as upstream's only one is. */
  slot: number;
  /** The state directory of the whole builder, which is that of its first slot. */
  host: string;
  path: string;
  results: string;
  /** Where earlier results wait that a task is to leave alone. */
  keptResults: string;
  workspace: string;
  /** Configuration of the chroot that a task uses, for its removal after a crash. */
  chrootConfig: string;
  /** Configurations of chroots that were left to the user of a lent machine. */
  keptChroots: string;
  /** A file for each of mock's root caches; its time of change is that of the last use. */
  rootCaches: string;
  liveLog: string;
  /** When, in which phase and by whom the live log was written. */
  logJournal: string;
  /** Link to the live log, under the name upstream's log has. */
  mainLog: string;
  status: string;
  /** The slot's last tasks, a line of JSON for each thing that became known of one. */
  history: string;
  /** A file for each task whose hooks have not all been run. */
  hookSpool: string;
  /** Held while hooks run; there is one for each user, whose number is added to the name. */
  hookLock: string;
  /** What went wrong with hooks. */
  hookLog: string;
  /** Exists exactly while a task runs. */
  running: string;
  pid: string;
  loggerPid: string;
  lock: string;
}

/** Files that the configuration may put elsewhere. */
export type StatePaths = { [Name in "results" | "workspace" | "lock" | "mainLog" | "pid" | "loggerPid"]?: string | undefined };

const SYSTEM_DIRECTORY = "/var/lib/copr-rpmbuild";

/** Who asks for the state directory. */
export interface StateUser {
  /** Who only wants to look is shown the system's directory unless there is one of the user's own. */
  isReader?: boolean;
  /** Who works for copr-backend must not do it where that never looks. */
  isForBackend?: boolean;
  environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The directory that was asked for, the system's, or the user's own where the system's can't be written.
 * Throws CoprError where that would be of no use.
 */
export async function findStatePath(
  explicit: string | undefined,
  { isReader = false, isForBackend = false, environment = process.env }: StateUser = {},
): Promise<string> {
  if (explicit !== undefined) return explicit;
  if (await isWritable(SYSTEM_DIRECTORY)) return SYSTEM_DIRECTORY;
  if (isForBackend && (await exists(SYSTEM_DIRECTORY))) {
    throw new CoprError(`This user can't write to the state directory '${SYSTEM_DIRECTORY}'`, {
      hint: "Members of its group, as a rule mock, should be able to; 'copr-builder run' works in a directory of the user's own.",
    });
  }
  const own = join(environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "copr-builder");
  return isReader && (await exists(SYSTEM_DIRECTORY)) && !(await exists(own)) ? SYSTEM_DIRECTORY : own;
}

/** The slots of a builder: the first with the configuration's own paths, the others below it. */
export function slotsAt(path: string, count: number, paths: StatePaths = {}): StateDirectory[] {
  const others = Array.from({ length: count - 1 }, (_, index) => stateDirectoryAt(path, index + 2));
  return [stateDirectoryAt(path, 1, paths), ...others];
}

/** Some slots, and those that the configuration had once beside them. */
export async function withFormerSlots(slots: readonly StateDirectory[]): Promise<readonly StateDirectory[]> {
  const { path } = slots[0] as StateDirectory;
  const names = await readdir(join(path, "slots")).catch(() => []);
  const highest = Math.max(0, ...names.filter((name) => /^[1-9]\d{0,2}$/.test(name)).map(Number));
  return highest <= slots.length ? slots : [...slots, ...slotsAt(path, highest).slice(slots.length)];
}

/** One slot, with the usual names but for the given ones. */
function stateDirectoryAt(host: string, slot: number, paths: StatePaths = {}): StateDirectory {
  const path = slot === 1 ? host : join(host, "slots", String(slot));
  const results = paths.results ?? join(path, "results");
  return {
    slot,
    host,
    path,
    results,
    keptResults: `${results}.kept`,
    workspace: paths.workspace ?? join(path, "workspace"),
    chrootConfig: join(path, "chroot.cfg"),
    keptChroots: join(path, "kept-chroots"),
    rootCaches: join(path, "root-caches"),
    liveLog: join(path, "live-log"),
    logJournal: join(path, "live-log.journal"),
    mainLog: paths.mainLog ?? join(path, "main.log"),
    status: join(path, "status.json"),
    history: join(path, "history.jsonl"),
    hookSpool: join(path, "hooks-pending"),
    hookLock: join(path, "hooks.lock"),
    hookLog: join(path, "hooks.log"),
    running: join(path, "build.running"),
    pid: paths.pid ?? join(path, "pid"),
    loggerPid: paths.loggerPid ?? join(path, "logger_pid"),
    lock: paths.lock ?? join(path, "lockfile"),
  };
}
