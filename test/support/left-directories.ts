import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, readdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { readProcess } from "../../src/core/process/table.ts";

/** Directories as killed programs leave them, and others that only look so. */
export interface LeftDirectories {
  /** Names of those that have to stay. */
  stay: string[];
  /** Lets the locks go, and checks that nothing was touched that a link leads to. */
  end(): Promise<void>;
}

/**
 * Puts directories of one kind where a program will look for what was left, in a temporary directory.
 *
 * @param prefix what names of that kind begin with
 * @param lock another file in them that may be locked
 */
export async function leaveDirectories(temporary: string, prefix: string, lock?: string): Promise<LeftDirectories> {
  const precious = join(temporary, "precious");
  const put = async (name: string, owner?: string): Promise<string> => {
    await mkdir(join(temporary, name, "state"), { recursive: true, mode: 0o700 });
    await writeFile(join(temporary, name, "file"), "");
    if (owner !== undefined) await writeFile(join(temporary, name, "owner"), owner);
    return name;
  };
  const dead = "1 1\n";
  const { startTime } = readProcess(process.pid) as { startTime: number };
  await put("precious", dead);
  await put(`${prefix}another-time`, `${process.pid} ${startTime + 1}\n`);
  await symlink(precious, join(temporary, await put(`${prefix}holds-a-link`, dead), "link"));
  await symlink(precious, join(temporary, `${prefix}link`));
  await mkdir(join(temporary, `${prefix}bare`), { mode: 0o700 });
  await writeFile(join(temporary, `${prefix}bare`, "owner"), dead);
  const [longAgo, empty, halfMarked, justMade] = ["long-ago", "empty", "half-marked", "just-made"].map((name) => `${prefix}${name}`) as [
    string,
    string,
    string,
    string,
  ];
  for (const name of [empty, halfMarked, justMade]) await mkdir(join(temporary, name), { mode: 0o700 });
  await writeFile(join(temporary, halfMarked, "owner"), "");
  const stay = [
    `${prefix}link`,
    "precious",
    justMade,
    await put(longAgo),
    await put(`${prefix}running`, `${process.pid} ${startTime}\n`),
    await put(`${prefix}odd`, "?"),
    await put(`${prefix}open`, dead),
    await put(`${prefix}locked`, dead),
    await put(`${prefix}linked-owner`),
  ];
  await chmod(join(temporary, `${prefix}open`), 0o755);
  await symlink(join(precious, "owner"), join(temporary, `${prefix}linked-owner`, "owner"));
  if (process.getuid?.() === 0) {
    const anothers = await put(`${prefix}of-another`, dead);
    await chown(join(temporary, anothers), 1234, 0);
    stay.push(anothers);
  }
  const locked = [`${prefix}locked/owner`];
  if (lock !== undefined) {
    stay.push(await put(`${prefix}at-work`, dead));
    locked.push(`${prefix}at-work/${lock}`);
  }
  const holders = locked.map((path) => spawn("flock", [join(temporary, path), "sh", "-c", "echo held; exec cat"]));
  await Promise.all(holders.map(({ stdout }) => once(stdout, "data")));
  const yesterday = Date.now() / 1000 - 24 * 3600;
  for (const name of [longAgo, empty, halfMarked]) await utimes(join(temporary, name), yesterday, yesterday);
  return {
    stay: stay.toSorted(),
    async end() {
      for (const { stdin } of holders) stdin.end();
      expect((await readdir(precious)).toSorted()).toEqual(["file", "owner", "state"]);
    },
  };
}
