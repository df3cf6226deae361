import { once } from "node:events";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type PendingTask, pendingTasks, taskUrl } from "./backend.ts";
import type { BuilderHost } from "./builder-host.ts";
import { collectResults, compressLogs } from "./published-results.ts";
import { type ProgressContext, type TaskProgress, taskProgress } from "./task-progress.ts";

/** How long a canceled build may take to end its log when the sandbox closes. */
const CLOSE_GRACE_MS = 10_000;
const CLOSE_INTERVAL_MS = 200;

/** Does the work of copr-backend: one task at a time, on the sandbox's one builder. */
export class Dispatcher {
  private readonly context: ProgressContext;
  private readonly host: BuilderHost;
  private readonly closing = new AbortController();
  private current: PendingTask | null = null;
  private readonly loop: Promise<void>;

  constructor(context: ProgressContext, host: BuilderHost) {
    this.context = context;
    this.host = host;
    context.world.on("canceled", (build) => {
      context.onEvent(`build ${build.id}: canceled`);
      if (this.current?.build === build) void host.stop(false);
    });
    this.loop = this.run();
  }

  /** Cancels again and again, for the builder may be between two of its programs just now. */
  async close(): Promise<void> {
    this.closing.abort();
    const deadline = Date.now() + CLOSE_GRACE_MS;
    const end = this.loop.then(() => true);
    do {
      if (this.host.isBusy) await this.host.stop(Date.now() > deadline);
    } while (!(await Promise.race([end, sleep(CLOSE_INTERVAL_MS, false)])));
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const [task] = pendingTasks(this.context.world);
      this.current = task ?? null;
      if (task !== undefined) await this.perform(task);
      else await once(this.context.world, "task", { signal }).catch(() => undefined);
    }
  }

  private async perform(task: PendingTask): Promise<void> {
    const progress = taskProgress(this.context, task);
    progress.starting();
    const succeeded = await this.build(task, progress).catch((error: unknown) => {
      this.context.onEvent(`${progress.name}: ${String(error)}`);
      return false;
    });
    // Whatever happens to a canceled build, its state does not change any more.
    if (task.build.canceled) return;
    if (!succeeded) return progress.failed();
    await progress.succeeded().catch((error: unknown) => {
      this.context.onEvent(`${progress.name}: ${String(error)}`);
      progress.failed();
    });
  }

  /** Runs the task and publishes its files; compressed logs first, for a finished build is downloaded at once. */
  private async build(task: PendingTask, progress: TaskProgress): Promise<boolean> {
    await mkdir(progress.directory, { recursive: true });
    const log = await open(join(progress.directory, "backend.log"), "a");
    try {
      const succeeded = await this.drive(task, progress, log);
      await note(log, succeeded ? "Finished build" : "Build failed");
      return succeeded;
    } finally {
      await log.close();
      await compressLogs(progress.directory);
    }
  }

  /** The conversation with the builder. Nothing of a canceled build is downloaded. */
  private async drive(task: PendingTask, progress: TaskProgress, log: FileHandle): Promise<boolean> {
    const { build } = task;
    const url = taskUrl(this.context.world, task);
    await note(log, `Starting remote build: ${url}`);
    if (!(await this.host.start(url, log))) throw new Error("Can't start copr-builder");
    if (build.canceled) await this.host.cancel();
    else progress.running();
    const isComplete = await this.follow(progress);
    if (build.canceled) return false;
    if (!isComplete) {
      await note(log, "The live log ended with an error");
      // Whatever still runs there must not disturb the next task, for there is no other machine.
      await this.host.stop(false);
    }
    const isSuccess = await collectResults(this.host.resultsDirectory, progress.directory);
    if (!isSuccess) await note(log, "No success file => build failure");
    return isComplete && isSuccess;
  }

  private async follow(progress: TaskProgress): Promise<boolean> {
    const liveLog = await open(join(progress.directory, "builder-live.log"), "a");
    try {
      return await this.host.followLog(liveLog);
    } finally {
      await liveLog.close();
    }
  }
}

async function note(log: FileHandle, text: string): Promise<void> {
  await log.write(`[${new Date().toISOString()}][  INFO] ${text}\n`);
}
