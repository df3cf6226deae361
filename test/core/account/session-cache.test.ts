import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { tryLock } from "../../../src/core/files/lock.ts";
import { readCachedSession, withSessionLock, writeCachedSession } from "../../../src/core/account/session-cache.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const URL = "https://copr.example:8443";
const session = { name: "jane", session: "a.b-c_d", expiration: 9_999_999_999.5 };
let path: string;

beforeEach(async () => {
  const home = await temporaryDirectory();
  vi.stubEnv("HOME", home);
  path = join(home, ".cache/copr/copr.example:8443-session");
  return () => vi.unstubAllEnvs();
});

async function keep(content: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
}

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe("the file", () => {
  test("has upstream's form, and only its owner can read it", async () => {
    await writeCachedSession(URL, session);
    expect(await readFile(path, "utf8")).toBe('{\n    "name": "jane",\n    "session": "a.b-c_d",\n    "expiration": 9999999999.5\n}\n');
    expect([await modeOf(path), await modeOf(dirname(path))]).toEqual([0o600, 0o700]);
    expect(await readdir(dirname(path))).toEqual(["copr.example:8443-session"]);
    expect(await readCachedSession(URL)).toEqual(session);
  });

  test("is replaced whatever it was, and private then", async () => {
    await keep("not JSON", 0o644);
    await writeCachedSession(URL, session);
    expect(await readCachedSession(URL)).toEqual(session);
    expect(await modeOf(path)).toBe(0o600);
  });

  test("that upstream's client left readable for everybody is made private", async () => {
    await keep(JSON.stringify(session), 0o644);
    expect(await readCachedSession(URL)).toEqual(session);
    expect(await modeOf(path)).toBe(0o600);
  });

  test.each([
    ["HTTPS://Copr.Example", "Copr.Example-session"],
    ["https://copr.example:443/copr", "copr.example:443-session"],
    ["http://user:secret@127.0.0.1:5000/", "127.0.0.1:5000-session"],
  ])("of %s is %s", async (url, name) => {
    await writeCachedSession(url, session);
    expect(await readdir(dirname(path))).toEqual([name]);
    expect(await readCachedSession(url)).toEqual(session);
  });
});

describe("no session", () => {
  test.each([
    ["nothing", ""],
    ["half of it", '{\n    "name": "ja'],
    ["another JSON", "[1, 2]"],
    ["null", "null"],
    ["no name", JSON.stringify({ ...session, name: undefined })],
    ["no cookie", JSON.stringify({ ...session, session: null })],
    ["a cookie that brings a header along", JSON.stringify({ ...session, session: "x\r\nHost: other" })],
    ["a cookie that brings another along", JSON.stringify({ ...session, session: "x; admin=1" })],
    ["an expiration in words", JSON.stringify({ ...session, expiration: "tomorrow" })],
    ["an expired one", JSON.stringify({ ...session, expiration: Date.now() / 1000 - 1 })],
  ])("in a file with %s", async (_, content) => {
    await keep(content);
    expect(await readCachedSession(URL)).toBeUndefined();
  });

  test("without a file, or with a directory in its place", async () => {
    expect(await readCachedSession(URL)).toBeUndefined();
    await mkdir(path, { recursive: true });
    expect(await readCachedSession(URL)).toBeUndefined();
  });
});

describe("the lock", () => {
  test("is upstream's: one at a time, and it is left behind", async () => {
    const order: string[] = [];
    const first = withSessionLock(URL, async () => {
      order.push("first begins");
      expect(await tryLock(`${path}.lock`)).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 300));
      order.push("first ends");
    });
    await vi.waitFor(() => expect(order).toEqual(["first begins"]));
    await withSessionLock(URL, async () => order.push("second"));
    await first;
    expect(order).toEqual(["first begins", "first ends", "second"]);
    expect(await modeOf(`${path}.lock`)).toBe(0o600);
  });

  test("ends with an error too", async () => {
    await expect(withSessionLock(URL, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const lock = await tryLock(`${path}.lock`);
    expect(lock).toBeDefined();
    await lock?.release();
  });

  test("is not waited for without end", async () => {
    await mkdir(dirname(path), { recursive: true });
    const other = await tryLock(`${path}.lock`);
    const begin = Date.now();
    expect(await withSessionLock(URL, async () => "done", 500)).toBe("done");
    expect(Date.now() - begin).toBeGreaterThanOrEqual(450);
    await other?.release();
  });

  test("that can't be made keeps nobody from working", async () => {
    vi.stubEnv("HOME", "/dev/null");
    expect(await withSessionLock(URL, async () => "done")).toBe("done");
    await expect(writeCachedSession(URL, session)).rejects.toThrow("Cannot make the directory");
  });
});
