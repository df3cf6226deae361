import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { link, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { CoprError } from "../../../src/core/errors.ts";
import { ensureDirectory, exists, isWritable } from "../../../src/core/files/directories.ts";
import { readRegularFile } from "../../../src/core/files/regular-file.ts";
import { removeTree } from "../../../src/core/files/remove-tree.ts";
import { tryLock } from "../../../src/core/files/lock.ts";
import { writeFileAtomic } from "../../../src/core/files/atomic-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("writeFileAtomic", () => {
  test("makes a file with its mode, and replaces one", async () => {
    const path = join(await temporaryDirectory(), "x");
    await writeFileAtomic(path, "one", 0o600);
    expect([await readFile(path, "utf8"), (await stat(path)).mode & 0o777]).toEqual(["one", 0o600]);
    await writeFileAtomic(path, Buffer.from("two"));
    expect(await readFile(path, "utf8")).toBe("two");
  });

  test("a reader never sees a part", async () => {
    const path = join(await temporaryDirectory(), "x");
    const contents = ["a", "b"].map((letter) => letter.repeat(300_000));
    await writeFileAtomic(path, contents[0] as string);
    let isOver = false;
    const reader = (async () => {
      const seen = new Set<string>();
      while (!isOver) seen.add(await readFile(path, "utf8"));
      return seen;
    })();
    for (let round = 0; round < 20; round += 1) await writeFileAtomic(path, contents[round % 2] as string);
    isOver = true;
    for (const content of await reader) expect(contents.includes(content)).toBe(true);
  });

  test("a link in its place is replaced, not written through", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "target"), "kept");
    await symlink("target", join(directory, "x"));
    await writeFileAtomic(join(directory, "x"), "new");
    expect([await readFile(join(directory, "target"), "utf8"), (await lstat(join(directory, "x"))).isFile()]).toEqual(["kept", true]);
  });

  test("nothing is left when it fails, and the sentence names the file", async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "x", "inside"), { recursive: true });
    await expect(writeFileAtomic(join(directory, "x"), "new")).rejects.toThrow(`Cannot write '${directory}/x': is a directory`);
    await expect(writeFileAtomic(join(directory, "none", "x"), "new")).rejects.toThrow("no such file or directory");
    expect(await readdir(directory)).toEqual(["x"]);
  });

  test("the old content stays when the disk is full", async ({ skip }) => {
    const directory = await temporaryDirectory();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", directory], { stdio: "ignore" });
    } catch {
      skip("no right to mount a small disk");
    }
    onTestFinished(() => void execFileSync("umount", [directory]));
    const path = join(directory, "x");
    await writeFileAtomic(path, "old");
    await expect(writeFileAtomic(path, "x".repeat(100_000))).rejects.toThrow(`Cannot write '${path}': no space left on the disk`);
    expect([await readFile(path, "utf8"), await readdir(directory)]).toEqual(["old", ["x"]]);
  });
});

describe("readRegularFile", () => {
  test("reads up to the limit", async () => {
    const path = join(await temporaryDirectory(), "x");
    await writeFile(path, "12345");
    expect((await readRegularFile(path, { maxBytes: 5 })).toString()).toBe("12345");
    await expect(readRegularFile(path, { maxBytes: 4, label: "task file" })).rejects.toThrow(
      `The task file '${path}' is too large: 5 bytes, the limit is 4`,
    );
  });

  test.each([
    ["link", "Cannot read the file 'P': is a symbolic link"],
    ["fifo", "The file 'P' is not a regular file"],
    ["directory", "The file 'P' is not a regular file"],
    ["nothing", "Cannot read the file 'P': no such file or directory"],
  ])("%s is refused without waiting", async (kind, message) => {
    const directory = await temporaryDirectory();
    const path = join(directory, "x");
    await writeFile(join(directory, "target"), "secret");
    if (kind === "link") await symlink("target", path);
    if (kind === "fifo") await promisify(execFile)("mkfifo", [path]);
    if (kind === "directory") await mkdir(path);
    const failure = readRegularFile(path, { maxBytes: 100 });
    await expect(failure).rejects.toThrow(CoprError);
    await expect(failure).rejects.toThrow(message.replace("P", path));
  });

  test.each(["/dev/zero", "/dev/null"])("%s is refused", async (path) => {
    await expect(readRegularFile(path, { maxBytes: 100 })).rejects.toThrow("is not a regular file");
  });

  test("the limit holds for files that tell no size", async () => {
    expect((await stat("/proc/self/maps")).size).toBe(0);
    await expect(readRegularFile("/proc/self/maps", { maxBytes: 100 })).rejects.toThrow("is too large");
  });
});

describe("removeTree", () => {
  test("links are removed, not followed", async () => {
    const [directory, outside] = [await temporaryDirectory(), await temporaryDirectory()];
    await writeFile(join(outside, "kept"), "kept");
    await mkdir(join(directory, "tree", "deep"), { recursive: true });
    await symlink(outside, join(directory, "tree", "deep", "link"));
    await symlink("/nowhere", join(directory, "tree", "dangling"));
    await link(join(outside, "kept"), join(directory, "tree", "hard"));
    await removeTree(join(directory, "tree"));
    expect([await readdir(directory), await readFile(join(outside, "kept"), "utf8")]).toEqual([[], "kept"]);
    await symlink(outside, join(directory, "link"));
    await removeTree(join(directory, "link"));
    expect([await readdir(directory), await readdir(outside)]).toEqual([[], ["kept"]]);
  });

  test("what is not there is fine", async () => {
    await removeTree(join(await temporaryDirectory(), "none"));
  });
});

/** A process that takes the lock, says whether it has it, and stays. */
async function locker(path: string): Promise<{ line: string; kill(): void }> {
  const script = `import { tryLock } from ${JSON.stringify(new URL("../../../src/core/files/lock.ts", import.meta.url).href)};
    console.log((await tryLock(process.argv[1])) ? "locked" : "refused"); setTimeout(() => undefined, 100_000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { line: line.toString().trim(), kill: () => void child.kill("SIGKILL") };
}

describe("tryLock", () => {
  test("one process at a time, until its owner is killed", async () => {
    const path = join(await temporaryDirectory(), "lock");
    const owner = await locker(path);
    expect(owner.line).toBe("locked");
    expect([await tryLock(path), (await locker(path)).line]).toEqual([undefined, "refused"]);
    owner.kill();
    await vi.waitFor(async () => {
      const lock = await tryLock(path);
      expect(lock).toBeDefined();
      await lock?.release();
    }, 5000);
    expect((await locker(path)).line).toBe("locked");
  });

  test("two locks of one process exclude one another too", async () => {
    const path = join(await temporaryDirectory(), "lock");
    const lock = await tryLock(path);
    expect(await tryLock(path)).toBeUndefined();
    await lock?.release();
    const next = await tryLock(path);
    expect(next).toBeDefined();
    await next?.release();
  });

  test("programs of other languages see it", async () => {
    const path = join(await temporaryDirectory(), "lock");
    const lock = await tryLock(path);
    const other = promisify(execFile)("python3", [
      "-c",
      "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)",
      path,
    ]);
    await expect(other).rejects.toThrow("BlockingIOError");
    await lock?.release();
  });

  test("a link in its place is refused", async () => {
    const directory = await temporaryDirectory();
    await symlink("target", join(directory, "lock"));
    await expect(tryLock(join(directory, "lock"))).rejects.toThrow("is a symbolic link");
    await expect(tryLock(join(directory, "none", "lock"))).rejects.toThrow("no such file or directory");
  });
});

test("exists sees a dangling link", async () => {
  const path = join(await temporaryDirectory(), "x");
  expect(await exists(path)).toBe(false);
  await symlink("nowhere", path);
  expect(await exists(path)).toBe(true);
});

test("ensureDirectory makes parents and refuses a file", async () => {
  const directory = await temporaryDirectory();
  await ensureDirectory(join(directory, "a", "b"));
  await ensureDirectory(join(directory, "a", "b"));
  await writeFile(join(directory, "file"), "");
  await expect(ensureDirectory(join(directory, "file"))).rejects.toThrow(`Cannot make the directory '${directory}/file'`);
});

test("isWritable looks at the nearest directory there is, and leaves nothing", async () => {
  const directory = await temporaryDirectory();
  expect([await isWritable(directory), await isWritable(join(directory, "a", "b")), await isWritable("/proc/1")]).toEqual([
    true,
    true,
    false,
  ]);
  await writeFile(join(directory, "file"), "");
  expect([await isWritable(join(directory, "file")), await readdir(directory)]).toEqual([false, ["file"]]);
});
