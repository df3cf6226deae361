import { join } from "node:path";
import { exists } from "../../core/files.ts";
import type { Macro } from "../../core/mock-profile.ts";
import { run } from "../../core/process.ts";
import { TaskError } from "../errors.ts";
import type { TaskContext } from "../task/task-context.ts";
import { forgetChroot, noteChroot, scrub } from "./chroot.ts";
import { mockCommand, scrubArguments, uniqueName } from "./mock-command.ts";
import { evictCaches, rememberCache, writeCachingConfig } from "./root-cache.ts";

/** A canceled task has to end soon; what it leaves then is removed by the next one. */
const LAST_SCRUB_LIMIT_MS = 15_000;

/** What a chroot is made of. */
export interface SessionConfig {
  /** Name of the configuration file. */
  name: string;
  macros: readonly Macro[];
  profileOf(macros: readonly Macro[]): string;
}

/**
 * Lets `work` use one chroot in several calls of mock, and removes it afterwards, also after a failure, a cancel or
 * the deadline: upstream leaves those of `make_srpm`. `mock` is how every command line begins.
 */
export async function withChroot(
  context: TaskContext,
  { name, macros, profileOf }: SessionConfig,
  work: (mock: readonly string[]) => Promise<void>,
): Promise<void> {
  const chroot = { config: join(context.workDirectory, name), unique: uniqueName() };
  const cache = await writeCachingConfig(context, chroot.config, macros, profileOf);
  if (cache !== undefined) await rememberCache(context, cache);
  await noteChroot(context, chroot);
  const mock = mockCommand(chroot, context.settings);
  try {
    await work(mock);
  } finally {
    if (context.signal.aborted) await scrubQuickly(context, mock);
    else await scrub(context, chroot);
  }
  await evictCaches(context);
}

/** Throws TaskError unless this builder has the chroot. */
export async function requireChroot({ settings }: TaskContext, name: string): Promise<void> {
  const path = join(settings.mockConfigDirectory, `${name}.cfg`);
  if (!(await exists(path))) throw new TaskError(`Chroot config ${path} not found`);
}

/** Without the task's own signal, which has been given already. */
async function scrubQuickly(context: TaskContext, mock: readonly string[]): Promise<void> {
  const { environment, log } = context;
  const signal = AbortSignal.timeout(LAST_SCRUB_LIMIT_MS);
  const ending = await run([...mock, ...scrubArguments()], { env: environment, signal, onOutput: log.output }).catch(() => undefined);
  log.endOutput();
  if (ending?.exitCode === 0) await forgetChroot(context);
}
