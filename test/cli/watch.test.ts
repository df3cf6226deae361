import { closedPort } from "../support/closed-port.ts";
import { describe, expect, test } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { sendJson, webServer } from "../support/web-server.ts";

const config = (url: string): string => `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;

// Whatever waits for builds begins with a question: of a server that answers none there is nothing to wait for.
test.each([
  ["watch-build", "1"],
  ["watch-build", "1", "2", "3", "4", "5", "6"],
  ["build", "prj", "http://example.org/x.src.rpm"],
  ["buildscm", "prj", "--clone-url", "https://example.org/x.git"],
  ["buildpypi", "prj", "--packagename", "x"],
  ["buildgem", "prj", "--gem", "x"],
  ["build-distgit", "prj", "--name", "x"],
  ["build-package", "prj", "--name", "x"],
])("%s %s of a server that was never reached ends after three tries", async (...argv) => {
  const url = `http://127.0.0.1:${await closedPort()}`;
  const { exit, stderr } = await runCli({ argv: ["--debug", ...argv], config: config(url) });
  expect(exit).toBe(1);
  expect(stderr).toContain(`Error: Unable to connect to ${url}/api_3/.`);
  expect(stderr.match(/attempt \d of 3/g)).toEqual(["attempt 1 of 3", "attempt 2 of 3", "attempt 3 of 3"]);
  expect(stderr).not.toContain("still waiting");
});

const otherSites: Readonly<Record<string, [number, string]>> = {
  "a page that is not there": [404, "<html>Not Found</html>"],
  "a page": [200, "<html>Welcome</html>"],
  "a gateway without a server": [502, "<html>Bad Gateway</html>"],
  "a gateway that talks JSON": [503, '{"message": "unavailable"}'],
};

describe.each(Object.entries(otherSites))("a web site that is no frontend: %s", (_name, [status, page]) => {
  test.each([
    ["watch-build", "1"],
    ["watch-build", "1", "--json"],
    ["watch-build", "1", "2", "3", "4", "5", "6"],
    ["logs", "-f", "1"],
    ["build", "prj", "http://example.org/x.src.rpm"],
    ["buildscm", "prj", "--clone-url", "https://example.org/x.git"],
    ["buildpypi", "prj", "--packagename", "x"],
    ["buildgem", "prj", "--gem", "x"],
    ["build-distgit", "prj", "--name", "x"],
    ["build-package", "prj", "--name", "x"],
  ])("%s %s %s is not waited for", async (...argv) => {
    const { url, requests } = await webServer((response) => response.writeHead(status, { "content-type": "text/html" }).end(page));
    const { exit, stderr } = await runCli({ argv, config: config(url) });
    expect([exit, stderr]).toEqual([1, expect.not.stringContaining("still waiting")]);
    expect(requests.length).toBeLessThan(5);
  });
});

test("a server that goes away after it took the build is waited for", async () => {
  const build = { id: 7, ownername: "me", projectname: "prj" };
  const { url } = await webServer((response, request, number) => {
    if (request.method === "POST") sendJson(response, { ...build, state: "pending", items: [{ ...build, state: "pending" }] });
    else if (number < 8) response.destroy();
    else sendJson(response, { ...build, state: "succeeded" });
  });
  const argv = ["buildgem", "prj", "--gem", "x"];
  const { exit, stdout, stderr } = await runCli({ argv, config: config(url) });
  expect([exit, stderr]).toEqual([0, `The server has trouble, still waiting: Unable to connect to ${url}/api_3/.\n`]);
  expect(stdout).toContain("Build 7: succeeded");
});
