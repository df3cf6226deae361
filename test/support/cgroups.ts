import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTaskCgroup } from "../../src/builder/cost/cgroup.ts";

/** Why this user on this machine can't give a task a cgroup of version 2; undefined where that works. */
export function whyNoCgroup(): string | undefined {
  return probe() === undefined ? "needs a cgroup of version 2 that this user may divide" : undefined;
}

/** The same of one that counts and limits memory. */
export function whyNoMemoryCgroup(): string | undefined {
  return probe()?.hasMemory === true ? undefined : "needs a cgroup of version 2, with the controller memory, that this user may divide";
}

function probe(): { hasMemory: boolean } | undefined {
  const cgroup = makeTaskCgroup(randomUUID());
  if (cgroup) rmdirSync(cgroup.path);
  return cgroup;
}

/** A limit of memory of the old kind, which the builder does not know: to it the machine is just that small. */
export interface SmallMachine {
  /** Words before a command line that is to run there. */
  readonly words: readonly string[];
  /** Removes it, unless a process is still in it. */
  isRemoved(): boolean;
}

/** Makes a cgroup of version 1 below the one this process is in; undefined where that can't be done. */
export function makeSmallMachine(bytes: number): SmallMachine | undefined {
  const [, path] = /^\d+:memory:(.*)$/m.exec(readFileSync("/proc/self/cgroup", "latin1")) ?? [];
  const directory = join("/sys/fs/cgroup/memory", path ?? "", `copr-test-${randomUUID()}`);
  if (path === undefined || !existsSync(join(directory, ".."))) return undefined;
  try {
    mkdirSync(directory);
  } catch {
    return undefined;
  }
  writeFileSync(join(directory, "memory.limit_in_bytes"), String(bytes));
  return {
    words: ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', directory],
    isRemoved: () => {
      try {
        rmdirSync(directory);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Why there is none here. */
export function whyNoSmallMachine(): string | undefined {
  const machine = whyNoMemoryCgroup() === undefined ? undefined : makeSmallMachine(1024 ** 3);
  machine?.isRemoved();
  return machine === undefined ? "needs the controller memory of cgroups of version 1, below which this user may make one" : undefined;
}
