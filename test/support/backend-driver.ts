import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { SshServer } from "./ssh-server.ts";

/** copr-backend's limits for one remote command. */
const MAX_OUTPUT_BYTES = 10 * 1024;
const LIMIT_MS = 180_000;
const READY_LIMIT_MS = 660_000;

export interface RemoteOutcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A task as copr-backend starts it; without a chroot it is one for a source package. */
export interface BackendTask {
  url: string;
  chroot?: string;
}

/** What copr-backend has of a task when it is over. */
export interface BackendResult {
  /** The whole `builder-live.log`. */
  log: string;
  /** Directory with what rsync brought. */
  directory: string;
}

/** What copr-backend takes for a broken connection. */
class ConnectionBroke extends Error {}

/**
 * Plays copr-backend towards one builder host: the same remote commands in the same order, over real ssh, under the
 * same rules for their outputs, exit statuses and time.
 */
export class BackendDriver {
  private readonly server: SshServer;
  private readonly directory: string;
  private readonly results: string;
  private tasks = 0;
  /** How often a connection was broken in the middle of a log. */
  cuts = 0;

  constructor(options: { server: SshServer; directory: string; results: string }) {
    this.server = options.server;
    this.directory = options.directory;
    this.results = options.results;
  }

  /** One remote command; the backend reads until both outputs are closed, so a builder must let go of them. */
  async command(words: string, limitMs = LIMIT_MS): Promise<RemoteOutcome> {
    const child = this.ssh(words);
    const outputs = await Promise.race([Promise.all([collect(child.stdout), collect(child.stderr), once(child, "close")]), after(limitMs)]);
    if (outputs === undefined) {
      child.kill("SIGKILL");
      throw new ConnectionBroke(`timed out: ${words}`);
    }
    const [stdout, stderr, [code, signal]] = outputs as [Buffer, Buffer, [number | null, NodeJS.Signals | null]];
    if (stdout.length > MAX_OUTPUT_BYTES || stderr.length > MAX_OUTPUT_BYTES) throw new ConnectionBroke(`too much output: ${words}`);
    if (code === 255 || code === null) throw new ConnectionBroke(`exit status ${code ?? signal}: ${words}\n${stdout}${stderr}`);
    return { exitCode: code, stdout: decode(stdout), stderr: decode(stderr) };
  }

  /** Whether the host would be taken: version of the package, and readiness for the chroot. */
  async check(chroot: string): Promise<{ version: string; ready: string }> {
    const version = await this.command('rpm -q copr-rpmbuild --qf "%{VERSION}\\n"');
    if (version.exitCode !== 0) throw new Error(`copr-rpmbuild is not installed: ${version.stdout}${version.stderr}`);
    const ready = await this.command(`copr-builder-ready ${chroot}`, READY_LIMIT_MS);
    if (ready.exitCode !== 0) throw new Error(`the builder is not ready: ${ready.stdout}${ready.stderr}`);
    return { version: version.stdout.trim(), ready: ready.stdout };
  }

  start({ url, chroot }: BackendTask): Promise<RemoteOutcome> {
    const what = chroot === undefined ? `--srpm --task-url ${url}` : `--task-url ${url} --chroot ${chroot}`;
    return this.command(`copr-rpmbuild --verbose --drop-resultdir ${what} --detached`);
  }

  cancel(): Promise<RemoteOutcome> {
    return this.command("copr-rpmbuild-cancel");
  }

  /**
   * Follows the log to its end into a file, which is begun anew at each try. The connection is cut as often as
   * `disconnects` says, each time when some output has come.
   */
  async followLog(path: string, disconnects = 0): Promise<string> {
    for (let attempt = 0; ; attempt += 1) {
      const file = createWriteStream(path);
      const child = this.ssh("copr-rpmbuild-log");
      for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
      const isCut = attempt < disconnects && (await this.cutAfterFirstOutput(child));
      const [code] =
        child.exitCode === null && child.signalCode === null ? ((await once(child, "close")) as [number | null]) : [child.exitCode];
      await closeFile(file);
      if (isCut) continue;
      if (code !== 0) throw new Error(`copr-rpmbuild-log shouldn't end with ${code}`);
      return readFile(path, "utf8");
    }
  }

  /** The download of the results, with the very options of the backend. */
  async download(destination: string): Promise<void> {
    await mkdir(destination, { recursive: true });
    const ssh = `ssh -F ${this.server.sharingConfig}`;
    const argv = ["-rltDvH", "--chmod=D755,F644", "-e", ssh, `${this.server.target}:${this.results}/`, `${destination}/`];
    const child = spawn("rsync", argv, { stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr, [code]] = await Promise.all([collect(child.stdout), collect(child.stderr), once(child, "close")]);
    if (code !== 0) throw new Error(`rsync ended with ${code}: ${stdout}${stderr}`);
  }

  /** The whole of one task, as the backend does it. */
  async doTask(task: BackendTask, { disconnects = 0 } = {}): Promise<BackendResult> {
    this.tasks += 1;
    const directory = join(this.directory, `task-${this.tasks}`);
    await mkdir(directory);
    await this.check(task.chroot ?? "srpm-builds");
    const started = await this.start(task);
    if (started.exitCode !== 0) throw new Error(`Can't start copr-rpmbuild: ${started.stdout}${started.stderr}`);
    const log = await this.followLog(join(directory, "builder-live.log"), disconnects);
    await this.download(join(directory, "results"));
    return { log, directory: join(directory, "results") };
  }

  private ssh(...words: string[]): ChildProcessByStdio<null, Readable, Readable> {
    const { sharingConfig, target } = this.server;
    return spawn("ssh", ["-F", sharingConfig, target, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Breaks the connection in the middle of the log, and counts that; false when the log was over before it was broken. */
  private async cutAfterFirstOutput(child: ChildProcessByStdio<null, Readable, Readable>): Promise<boolean> {
    const ended = once(child, "close").then(() => false);
    const spoke = once(child.stdout, "data").then(() => true);
    if (!(await Promise.race([ended, spoke]))) return false;
    await once(spawn("ssh", ["-F", this.server.sharingConfig, "-O", "exit", this.server.target], { stdio: "ignore" }), "close");
    await ended;
    // A short task may end while the connection is being broken.
    if (child.exitCode === 0) return false;
    if (child.exitCode !== 255) throw new Error(`a broken connection ended with ${child.exitCode}`);
    this.cuts += 1;
    return true;
  }
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The backend takes an output that is not UTF-8 for a broken connection. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConnectionBroke("output is not UTF-8", { cause });
  }
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}

function closeFile(file: WriteStream): Promise<void> {
  return new Promise((resolve) => file.end(() => resolve()));
}
