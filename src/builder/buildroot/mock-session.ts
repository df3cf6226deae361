import { join } from "node:path";
import { exists } from "../../core/files/directories.ts";
import type { Macro } from "../../core/mock/settings.ts";
import { TaskError } from "../errors.ts";
import type { TaskContext } from "../task/task-context.ts";
import { noteChroot, scrub, scrubAfterAbort } from "./chroot.ts";
import { mockBuildCommand, uniqueName } from "./mock-command.ts";
import { evictCaches, rememberCache, writeCachingConfig } from "./root-cache.ts";

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
  const mock = mockBuildCommand(chroot, context);
  try {
    await work(mock);
  } finally {
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
