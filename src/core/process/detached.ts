import type { Readable, Writable } from "node:stream";
import { rethrowStartError, start } from "./start.ts";

/** A program that goes on without us, and our ends of its pipes. */
export interface Detached {
  pid: number;
  stdio: readonly (Readable | Writable | null)[];
}

/** Starts a program in its own session and returns at once: it runs on when we end. */
export async function startDetached(
  argv: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; stdio: readonly ("ignore" | "pipe" | number)[] },
): Promise<Detached> {
  const child = start(argv, options, { stdio: options.stdio, isBuffered: false });
  // libuv returns from fork only when the child has called setsid and exec, so no hang-up can reach it from here on.
  if (child.pid === undefined) rethrowStartError(await child, argv, options);
  child.unref();
  child.catch(() => undefined);
  return { pid: child.pid as number, stdio: child.stdio as unknown as Detached["stdio"] };
}
