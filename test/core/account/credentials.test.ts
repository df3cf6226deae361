import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Credentials } from "../../../src/core/http/authorization.ts";
import { type AccountConfig, credentialsFrom } from "../../../src/core/account/credentials.ts";
import { writeCachedSession } from "../../../src/core/account/session-cache.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const coprUrl = "https://copr.example";
const bare: AccountConfig = { coprUrl, username: undefined, login: undefined, token: undefined, gssapi: true, path: "/config" };

/** None of these logs in. */
const credentials = (config: Partial<AccountConfig>): Credentials =>
  credentialsFrom({ ...bare, ...config }, () => Promise.reject(new Error("no login is expected")));

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  vi.stubEnv("HOME", directory);
  // No klist, so nobody's tickets.
  vi.stubEnv("PATH", directory);
  return () => vi.unstubAllEnvs();
});

describe("a token", () => {
  test("goes before a session", async () => {
    await writeCachedSession(coprUrl, { name: "jane", session: "cookie", expiration: 9_999_999_999 });
    const byToken = credentials({ login: "L", token: "T", username: "joe" });
    expect(await byToken.headers(false)).toEqual({ authorization: `Basic ${Buffer.from("L:T").toString("base64")}` });
    expect(await byToken.username()).toBe("joe");
  });

  test("does not tell whose it is", async () => {
    await expect(credentials({ login: "L", token: "T" }).username()).rejects.toMatchObject({ exitCode: 6 });
  });
});

describe("neither token nor Kerberos", () => {
  test.each([
    [undefined, "GSSAPI disabled and login:token is invalid (None:None)"],
    ["half-a-secret", "GSSAPI disabled and login:token is invalid (***:None)"],
  ])("with the login %s", async (login, message) => {
    await expect(credentials({ gssapi: false, login }).headers(false)).rejects.toMatchObject({ exitCode: 7, message });
    await expect(credentials({ gssapi: false, login }).username()).rejects.toMatchObject({ exitCode: 6 });
  });

  test("leaves the configured name", async () => {
    expect(await credentials({ gssapi: false, username: "joe" }).username()).toBe("joe");
  });
});

describe("a kept session", () => {
  beforeEach(() => writeCachedSession(coprUrl, { name: "jane", session: "first", expiration: 9_999_999_999 }));

  test("is sent as a cookie", async () => {
    const bySession = credentials({});
    expect(await bySession.headers(false)).toEqual({ cookie: "session=first" });
    expect(await bySession.username()).toBe("jane");
    expect(await credentials({ username: "joe" }).username()).toBe("joe");
  });

  test("that was refused is not tried again, but one that another program has made since is", async () => {
    const bySession = credentials({});
    await bySession.headers(false);
    await writeCachedSession(coprUrl, { name: "jane", session: "second", expiration: 9_999_999_999 });
    const renewed = await Promise.all([bySession.headers(true), bySession.headers(true)]);
    expect(renewed).toEqual([{ cookie: "session=second" }, { cookie: "session=second" }]);
    expect(await bySession.headers(false)).toEqual({ cookie: "session=second" });
  });

  test("of another user stays in use when there is no way to log in", async () => {
    await writeFile(join(directory, "klist"), "#!/bin/sh\necho 'Default principal: joe@REALM'\n", { mode: 0o755 });
    vi.stubEnv("PATH", `${directory}:/bin`);
    vi.stubEnv("KRB5CCNAME", `FILE:${join(directory, "none")}`);
    expect(await credentials({}).username()).toBe("jane");
  });
});
