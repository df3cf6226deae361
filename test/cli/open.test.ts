import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { browserCommand } from "../../src/core/process/browser.ts";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const url = "https://copr.example.org";
const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\n`;

describe("the address of", () => {
  test.each([
    ["1234567", "/coprs/build/1234567"],
    ["hello", "/coprs/me/hello/"],
    ["bob/hello", "/coprs/bob/hello/"],
    ["@copr/copr-dev", "/coprs/g/copr/copr-dev/"],
    ["@copr/copr-dev/copr-cli", "/coprs/g/copr/copr-dev/package/copr-cli/"],
    ["bob/hello:pr:1", "/coprs/bob/hello/builds/?dirname=hello%3Apr%3A1"],
    ["bob/libstdc++ é?#", "/coprs/bob/libstdc%2B%2B%20%C3%A9%3F%23/"],
  ])("%s", async (what, path) => {
    const { exit, stdout, stderr } = await runCli({ argv: ["open", what], config });
    expect([exit, stdout, stderr]).toEqual([0, `${url}${path}\n`, ""]);
  });

  test.each(["bob/hello/x/y", "bob//x", "bob/../x", "", "bob/hello/"])("%j is none", async (what) => {
    const { exit, stdout, stderr } = await runCli({ argv: ["open", what], config });
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`'${what}' names no page`);
  });
});

/** A browser that writes down its words, some time after it was started. */
async function browser(name: string): Promise<{ directory: string; called: () => Promise<string> }> {
  const directory = await temporaryDirectory();
  await writeFile(
    join(directory, name),
    `#!/bin/sh\nsleep 0.3\nprintf '%s\\n' "$@" >"${directory}/new"\nmv "${directory}/new" "${directory}/called"\n`,
  );
  await chmod(join(directory, name), 0o755);
  return { directory, called: () => vi.waitFor(() => readFile(join(directory, "called"), "utf8"), { timeout: 100_000, interval: 50 }) };
}

describe("on a desktop", () => {
  test.each([
    ["DISPLAY", "xdg-open", {}, [`${url}/coprs/build/7`]],
    ["WAYLAND_DISPLAY", "firefox", { BROWSER: "firefox --new-window:lynx" }, ["--new-window", `${url}/coprs/build/7`]],
    ["DISPLAY", "firefox", { BROWSER: "firefox --url=%s $(touch${IFS}x);" }, [`--url=${url}/coprs/build/7`, "$(touch${IFS}x);"]],
  ] as const)("by %s a browser is started, as words: %s %j", async (display, name, variables, words) => {
    const { directory, called } = await browser(name);
    const env = { [display]: ":0", PATH: `${directory}:${process.env["PATH"]}`, ...variables };
    const { exit, stdout } = await runCli({ argv: ["open", "7", "--json"], config, env });
    expect(exit).toBe(0);
    expectSchema("copr-cli-open.json", stdout);
    expect(JSON.parse(stdout)).toEqual({ url: `${url}/coprs/build/7`, opened: true });
    expect((await called()).trimEnd().split("\n")).toEqual(words);
  });

  test("without a browser the address is printed", async () => {
    const env = { DISPLAY: ":0", BROWSER: "no-such-browser" };
    const { exit, stdout } = await runCli({ argv: ["open", "7", "--output-format", "jsonl"], config, env });
    expect([exit, JSON.parse(stdout)]).toEqual([0, { url: `${url}/coprs/build/7`, opened: false }]);
  });

  test("macOS needs no display", () => {
    expect(browserCommand(url, { environment: {}, platform: "darwin" })).toEqual(["open", url]);
    expect(browserCommand(url, { environment: { BROWSER: "lynx" }, platform: "linux" })).toBeUndefined();
  });
});
