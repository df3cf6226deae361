import { closedPort } from "../../support/closed-port.ts";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  AuthenticationError,
  authCheck,
  ConfigurationError,
  createClientFromConfig,
  login,
  RequestError,
} from "../../../src/core/index.ts";
import type { Account } from "../../sandbox/models.ts";
import { startSandboxWithWorld } from "../../sandbox/sandbox.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

// The library's own login; that of the command is tested with the command.

let home: string;
let url: string;
let account: Account;

beforeEach(async () => {
  home = await temporaryDirectory();
  vi.stubEnv("HOME", home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { sandbox, world } = await startSandboxWithWorld({ directory: join(home, "copr"), builder: [], dispatch: false });
  onTestFinished(() => sandbox.close());
  ({ url } = sandbox);
  [account] = world.accounts as [Account];
});

const given = () => ({ url, login: account.login, token: account.token });

describe("a good token", () => {
  test("is written to a private file, and tells whose it is", async () => {
    const path = join(home, ".config/copr");
    const lines: string[] = [];
    const made = await login({ ...given(), url: `${url}/`, expiration: "2030-01-02", log: (line) => lines.push(line) });
    expect(made).toEqual({ url, username: "demo", path, expiration: "2030-01-02" });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(lines.join("\n")).toContain("auth-check");
    expect(lines.join("\n")).not.toMatch(new RegExp(`${account.token}|${account.login}`));
    const client = await createClientFromConfig();
    expect(await authCheck(client)).toMatchObject({ name: "demo" });
    await client.close();
  });

  test("goes to the file or the instance that is named, and nowhere else", async () => {
    const path = join(home, "mine");
    await writeFile(path, "# a note\n[copr-cli]\nusername = old\n");
    expect(await login({ ...given(), path })).toEqual({ url, username: "demo", path, expiration: null });
    expect(await readFile(path, "utf8")).toMatch(/^# a note\n\[copr-cli\]\n(.*\n)*username = demo\n/);
    expect(await login({ ...given(), instance: "here" })).toMatchObject({ path: join(home, ".config/copr.d/here") });
    expect(await readdir(join(home, ".config"))).toEqual(["copr.d"]);
  });
});

describe("changes nothing", () => {
  const before = "[copr-cli]\nlogin = as\ntoken = before\n";
  const failureOf = async (change: Partial<Parameters<typeof login>[0]>): Promise<unknown> => {
    const path = join(home, "mine");
    await writeFile(path, before);
    const error: unknown = await login({ ...given(), path, ...change }).then(
      () => "no error",
      (error: unknown) => error,
    );
    expect(await readFile(path, "utf8")).toBe(before);
    expect(String(error)).not.toMatch(new RegExp(`${account.token}|${account.login}`));
    return error;
  };

  test("a token that is refused", async () => {
    expect(await failureOf({ token: "wrong" })).toBeInstanceOf(AuthenticationError);
  });
  test("a frontend that can't be asked", async () => {
    expect(await failureOf({ url: `http://127.0.0.1:${await closedPort()}`, signal: AbortSignal.timeout(60_000) })).toBeInstanceOf(
      RequestError,
    );
  });
  test("an address that is none", async () => {
    expect(await failureOf({ url: "ftp://x" })).toBeInstanceOf(ConfigurationError);
  });
  test("a file that can't be one", async () => {
    expect(await failureOf({ path: home })).toBeInstanceOf(ConfigurationError);
  });
  test("what is ended meanwhile", async () => {
    const reason = new Error("enough");
    expect(await failureOf({ signal: AbortSignal.abort(reason) })).toBe(reason);
  });
});
