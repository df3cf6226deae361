import { join } from "node:path";
import { exists } from "../../core/files/directories.ts";
import type { Macro } from "../../core/mock/settings.ts";
import { TaskError } from "../errors.ts";
import type { TaskContext } from "../task/task-context.ts";
import { noteChroot, scrub, scrubAfterAbort } from "./chroot.ts";
import { mockBuildCommand, uniqueName, wasMockKilled } from "./mock-command.ts";
import { beginCacheUse, endCacheUse, evictCaches, writeCachingConfig } from "./root-cache.ts";

/** What a chroot is made of. */
export interface SessionConfig {
  /** Name of the configuration file. */
  name: string;
  macros: readonly Macro[];
  profileOf(macros: readonly Macro[]): string;
}

/**
 * Lets `work` use one chroot in several calls of mock, and removes it afterwards, also after a failure, a cancel or
 * the deadline: upstream leaves those of `make_srpm`. `mock` is how every command line begins; they are to be run by the
 * context that `work` gets.
 */
export async function withChroot(
  context: TaskContext,
  { name, macros, profileOf }: SessionConfig,
  work: (mock: readonly string[], inChroot: TaskContext) => Promise<void>,
): Promise<void> {
  const chroot = { config: join(context.workDirectory, name), unique: uniqueName() };
  const cache = await writeCachingConfig(context, chroot.config, macros, profileOf);
  await beginCacheUse(context, cache);
  await noteChroot(context, chroot);
  const mock = mockBuildCommand(chroot, context);
  let wasKilled = false;
  const run: TaskContext["run"] = async (argv, options) => {
    const status = await context.run(argv, options);
    wasKilled ||= wasMockKilled(status);
    return status;
  };
  try {
    await work(mock, { ...context, run });
  } finally {
    if (!wasKilled && !context.signal.aborted) await endCacheUse(context, cache);
    if (context.signal.aborted) await scrubAfterAbort(context, chroot);
    else await scrub(context, chroot);
  }
  await evictCaches(context);
}

/** Throws TaskError unless this builder has the chroot. */
export async function requireChroot({ settings }: TaskContext, name: string): Promise<void> {
  const path = join(settings.mockConfigDirectory, `${name}.cfg`);
  if (!(await exists(path))) throw new TaskError(`Chroot config ${path} not found`);
}
