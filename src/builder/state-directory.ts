import { homedir } from "node:os";
import { join } from "node:path";
import { isWritable } from "../core/files.ts";

/** Files of one builder slot; names and meanings of most are upstream's, which copr-backend knows. */
export interface StateDirectory {
  path: string;
  results: string;
  /** Where earlier results wait that a task is to leave alone. */
  keptResults: string;
  workspace: string;
  /** Configuration of the chroot that a task uses, for its removal after a crash. */
  chrootConfig: string;
  /** A file for each of mock's root caches; its time of change is that of the last use. */
  rootCaches: string;
  liveLog: string;
  /** Link to the live log, under the name upstream's log has. */
  mainLog: string;
  status: string;
  /** Exists exactly while a task runs. */
  running: string;
  pid: string;
  loggerPid: string;
  lock: string;
}

const SYSTEM_DIRECTORY = "/var/lib/copr-rpmbuild";

/** The directory that was asked for, the system's, or the user's own where the system's can't be written. */
export async function findStateDirectory(
  explicit: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<StateDirectory> {
  if (explicit !== undefined) return stateDirectoryAt(explicit);
  if (await isWritable(SYSTEM_DIRECTORY)) return stateDirectoryAt(SYSTEM_DIRECTORY);
  const base = environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  return stateDirectoryAt(join(base, "copr-builder"));
}

function stateDirectoryAt(path: string): StateDirectory {
  return {
    path,
    results: join(path, "results"),
    keptResults: join(path, "results.kept"),
    workspace: join(path, "workspace"),
    chrootConfig: join(path, "chroot.cfg"),
    rootCaches: join(path, "root-caches"),
    liveLog: join(path, "live-log"),
    mainLog: join(path, "main.log"),
    status: join(path, "status.json"),
    running: join(path, "build.running"),
    pid: join(path, "pid"),
    loggerPid: join(path, "logger_pid"),
    lock: join(path, "lockfile"),
  };
}
