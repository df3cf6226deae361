import { chmod, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RecordedServer, serveRecording } from "../support/recorded-server.ts";
import { runCli } from "../support/run-cli.ts";

const answer = { api_login: "new login", api_token: "n%w", expiration: "2030-01-02" };

describe("new-api-token", () => {
  let directory: string;
  let server: RecordedServer;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "copr-token-"));
    const request = { method: "POST", path: "/api_3/api-token", auth: "basic", body: null };
    const response = { status: 200, headers: { "content-type": "application/json" }, body: { json: answer } };
    server = await serveRecording([{ request, response }], (text) => text);
  });
  afterEach(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("follows a link, keeps the mode and every other line, and what it writes can be read again", async () => {
    const path = join(directory, "real");
    const link = join(directory, "link");
    await writeFile(path, configText(server.url));
    await chmod(path, 0o600);
    await symlink("real", link);

    expect(await runCli({ argv: ["--config", link, "new-api-token"] })).toEqual({
      exit: 0,
      stdout: `New API token was updated in ${link}.\n`,
      stderr: "",
    });
    expect(await readlink(link)).toBe("real");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).toBe(
      configText(server.url)
        .replace("OLD", "new login")
        .replace("TOKEN\n", "n%%w\n")
        .replace("  more\n", "")
        .replace("2026-01-01", "2030-01-02"),
    );
    expect((await runCli({ argv: ["--config", path, "whoami"] })).stdout).toBe("me\n");
  });

  test("a token that can't be saved is shown, as there is no other copy of it", async () => {
    // The new file gets a longer name for a moment, which is too long.
    const path = join(directory, "x".repeat(255));
    await writeFile(path, configText(server.url));

    const { exit, stdout, stderr } = await runCli({ argv: ["--config", path, "new-api-token"] });
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: "" });
    expect(stderr).toContain("The old API token is void");
    expect(stderr).toContain("\nlogin = new login\ntoken = n%w\n");
    expect(await readFile(path, "utf8")).toBe(configText(server.url));
  });
});

function configText(url: string): string {
  return [
    "; by hand",
    "[other]",
    "token = not this one",
    "[copr-cli]",
    "Login: OLD",
    "username = me",
    "  # a note",
    "token = TOKEN",
    "",
    "  ; of the web page",
    "  more",
    "another = value",
    "  token = no key but a further line",
    `copr_url = ${url}`,
    "encrypted = no",
    "# expiration date: 2026-01-01",
    "",
  ].join("\n");
}
