import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { webServer } from "../support/web-server.ts";

const program = [process.execPath, fileURLToPath(new URL("../../bin/package-build-order.js", import.meta.url))];

const build = (id: number, state: string, name: string, chroots = ["c1", "c2"]) => ({
  id,
  state,
  chroots,
  source_package: { name, version: "1-1", url: null },
});
/** Newest first, as the frontend lists them. */
const builds = [
  build(5, "succeeded", "app"),
  build(4, "failed", "half"),
  build(3, "succeeded", "app"),
  build(2, "failed", "lone", ["c1"]),
  build(1, "succeeded", "lib"),
];

async function order(...words: string[]) {
  const server = await webServer((response, { url }) => {
    const { pathname, searchParams } = new URL(url, "http://x");
    const isMissing = searchParams.get("projectname") === "none";
    const answer = isMissing
      ? { error: "Project me/none does not exist." }
      : pathname.endsWith("/build-chroot")
        ? { name: searchParams.get("chrootname"), state: searchParams.get("chrootname") === "c1" ? "succeeded" : "failed" }
        : { items: builds, meta: {} };
    response.writeHead(isMissing ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  const directory = await mkdtemp(join(tmpdir(), "copr-order-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const config = join(directory, "config");
  await writeFile(config, `[copr-cli]\ncopr_url = ${server.url}\nencrypted = no\n`);
  return runProgram([...program, "--config", config, ...words]);
}

test.each([
  [["copr", "-p", "me/prj"], 0, "lib-1-1\napp-1-1\n"],
  [["--list-each", "copr", "--project", "me/prj"], 0, "lib-1-1\napp-1-1\napp-1-1\n"],
  [["copr", "-p", "me/prj", "--chroot", "c1"], 0, "lib-1-1\napp-1-1\nhalf-1-1\n"],
  [["copr", "-p", "me/prj", "-c", "c2"], 0, "lib-1-1\napp-1-1\n"],
  [["copr"], 1, "You need to specify Copr project to list package build order.\n"],
  [["copr", "-p", "me/none"], 1, "No copr project me/none.\n"],
])("%j", async (words, exitCode, stdout) => {
  expect(await order(...words)).toEqual({ exitCode, stdout, stderr: "" });
});

test("a frontend that is down, a missing configuration, a wrong command line, none", async () => {
  const directory = await mkdtemp(join(tmpdir(), "copr-order-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const config = join(directory, "config");
  await writeFile(config, "[copr-cli]\ncopr_url = http://127.0.0.1:1\nencrypted = no\n");
  expect(await runProgram([...program, "--config", config, "copr", "-p", "a/b"])).toMatchObject({
    exitCode: 1,
    stdout: "Failed to get information from Copr.\n",
  });
  expect(await runProgram([...program, "--config", "/nowhere", "copr", "-p", "a/b"])).toMatchObject({
    exitCode: 6,
    stdout: "File /nowhere is missing.\n",
  });
  expect(await runProgram([...program, "koji"])).toMatchObject({ exitCode: 2 });
  expect(await runProgram(program)).toMatchObject({ exitCode: 0 });
});
