import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** A detached start returns at once and lets go of its output; the real backend would hang otherwise. */
const START_LIMIT_MS = 30_000;

export interface BuilderSettings {
  /** argv prefix that starts copr-builder. */
  builder: readonly string[];
  buildroot: "host" | "mock" | undefined;
  stateDirectory: string;
  config: string;
  distGitConfigDirectory: string;
}

/** The one machine of the sandbox, driven with the three commands that copr-backend uses. */
export class BuilderHost {
  private readonly settings: BuilderSettings;
  private readonly running = new Set<ChildProcess>();

  constructor(settings: BuilderSettings) {
    this.settings = settings;
  }

  /** Where a finished build left its files. */
  get resultsDirectory(): string {
    return join(this.settings.stateDirectory, "results");
  }

  /** Starts a task on a machine that is as clean as a fresh one; true when the builder accepted it. */
  async start(taskUrl: string, log: FileHandle): Promise<boolean> {
    const { stateDirectory, config, buildroot } = this.settings;
    await rm(this.resultsDirectory, { recursive: true, force: true });
    await mkdir(stateDirectory, { recursive: true });
    const buildrootOption = buildroot === undefined ? [] : ["--buildroot", buildroot];
    const options = ["--detached", "--state-dir", stateDirectory, "--config", config, ...buildrootOption];
    const child = this.spawn(["run", ...options, "--task-url", taskUrl], "pipe");
    child.stdout?.on("data", (chunk: Buffer) => void log.write(chunk));
    child.stderr?.on("data", (chunk: Buffer) => void log.write(chunk));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, START_LIMIT_MS);
    const [code] = (await once(child, "close").finally(() => clearTimeout(timer))) as [number | null];
    return code === 0 && !isLate;
  }

  /** Writes the live log to the file until the build is over; true when it ended in order. */
  async followLog(file: FileHandle): Promise<boolean> {
    const child = this.spawn(["log", "--follow", "--state-dir", this.settings.stateDirectory], file.fd);
    const [code] = (await once(child, "close")) as [number | null];
    return code === 0;
  }

  async cancel(): Promise<void> {
    const child = this.spawn(["cancel", "--state-dir", this.settings.stateDirectory], "ignore");
    await once(child, "close");
  }

  get isBusy(): boolean {
    return this.running.size > 0;
  }

  /** Asks the running build to end, or ends the programs that talk to it as well. */
  async stop(force: boolean): Promise<void> {
    await this.cancel().catch(() => undefined);
    if (force) for (const child of this.running) child.kill("SIGKILL");
  }

  private spawn(command: readonly string[], output: "pipe" | "ignore" | number): ChildProcess {
    const [program = "", ...prefix] = this.settings.builder;
    const child = spawn(program, [...prefix, ...command], {
      stdio: ["ignore", output, output],
      env: { ...process.env, COPR_DISTGIT_CLIENT_CONFDIR: this.settings.distGitConfigDirectory },
    });
    this.running.add(child);
    child.on("close", () => this.running.delete(child));
    child.on("error", () => this.running.delete(child));
    return child;
  }
}
