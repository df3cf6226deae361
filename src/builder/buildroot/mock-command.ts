import { defaultConfigDirectory } from "../../core/mock/settings.ts";
import { TaskError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { TaskContext, TaskRunOptions } from "../task/task-context.ts";

/** A chroot of mock: the file that configures it, and what tells it from others of that configuration. */
export interface Chroot {
  config: string;
  unique: string;
}

/** `mock` and the words that say which chroot is meant; every command line begins with it. */
export function mockCommand({ config, unique }: Chroot, { mockConfigDirectory }: Pick<Settings, "mockConfigDirectory">): string[] {
  return ["mock", ...configDirectoryArguments(mockConfigDirectory), "-r", config, "--uniqueext", unique];
}

/** `mock` and the words of every command line that builds something in a chroot: also what the host's rules add. */
export function mockBuildCommand(chroot: Chroot, { settings, mockOptions }: Pick<TaskContext, "settings" | "mockOptions">): string[] {
  return [...mockCommand(chroot, settings), ...mockOptions];
}

/** Runs a command line of mock as a program of the task; resolves to its exit status. */
export function runMock(context: Pick<TaskContext, "run">, argv: readonly string[], options: TaskRunOptions = {}): Promise<number> {
  return context.run(argv, { ...options, hasTerminal: true });
}

/** Whether an exit status is that of a mock that a signal has ended, so that it could put nothing in order. */
export function wasMockKilled(status: number): boolean {
  return status > 128;
}

/** Where mock finds `site-defaults.cfg` and the like, when that is not /etc/mock. */
export function configDirectoryArguments(directory: string): string[] {
  return directory === defaultConfigDirectory ? [] : ["--configdir", directory];
}

/** Words that make mock remove a chroot and its bootstrap chroot. Caches named as well go with it. */
export function scrubArguments(...more: ("root-cache" | "cache")[]): string[] {
  return [...["bootstrap", "chroot", ...more].flatMap((what) => ["--scrub", what]), "--quiet"];
}

/** `--with` and `--without` for the build conditions of a task. */
export function conditionArguments({ with_opts: on, without_opts: off }: { with_opts: string[]; without_opts: string[] }): string[] {
  return [...on.flatMap((name) => ["--with", name]), ...off.flatMap((name) => ["--without", name])];
}

/** A name for a chroot that no other running builder of this host uses. */
export function uniqueName(): string {
  return `${Math.floor(Date.now() / 1000)}.${process.pid}`;
}

/** Whether a text is such a name. */
export function isUniqueName(text: string): boolean {
  return /^\d{1,15}\.\d{1,10}$/.test(text);
}

/** A directory of mock's that belongs to a chroot with such a name. */
export interface NamedChroot {
  /** What mock calls chroots of this configuration. */
  root: string;
  unique: string;
  /** When the name was made, epoch seconds, and by which process. */
  madeOn: number;
  pid: number;
}

/** What the name of such a directory tells; undefined for others. A bootstrap chroot is removed with its own. */
export function readChrootName(name: string): NamedChroot | undefined {
  const [, root = "", unique = "", madeOn, pid] = /^([A-Za-z0-9][\w.+-]{0,200})-((\d{9,12})\.(\d{1,10}))$/.exec(name) ?? [];
  if (root === "") return undefined;
  return { root: root.replace(/-bootstrap$/, ""), unique, madeOn: Number(madeOn), pid: Number(pid) };
}

/** Throws TaskError that says what mock's exit status means, unless it is 0. */
export function requireMockSuccess(status: number, what: string): void {
  if (status === 0) return;
  const meaning = meanings[status];
  throw new TaskError(`${what}: mock ended with ${status}${meaning === undefined ? "" : ` (${meaning})`}`);
}

const meanings: Readonly<Record<number, string>> = {
  1: "the build failed",
  3: "bad configuration",
  5: "an input is missing",
  11: "out of time",
  30: "packages are missing or a repository is down",
  70: "no result directory",
};
