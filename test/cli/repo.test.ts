import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { bin } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { typeAt } from "../support/typed-line.ts";
import { sendJson, type WebServer, webServer } from "../support/web-server.ts";

const answer = {
  results_url: "https://download.example.org/results",
  repos: { "fedora-43": { arch: { x86_64: { opts: {} } } }, "epel-9": { arch: { x86_64: { opts: {} } } } },
  directories: { hello: {}, "hello:pr:1": { delete_after_days: 3 } },
  dependencies: [],
};
const NAME = "_copr:127.0.0.1:me:hello.repo";

let server: WebServer;
let config: string;
let directory: string;
/** What the server answers. */
let told: object;

beforeEach(async () => {
  told = answer;
  server = await webServer((response) => sendJson(response, told));
  config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${server.url}\nencrypted = no\n`;
  directory = await temporaryDirectory();
});

const run = (...argv: string[]): ReturnType<typeof runCli> => runCli({ argv: ["repo", ...argv], config });

test("prints the file of a project", async () => {
  const { exit, stdout, stderr } = await run("hello", "fedora-43");
  expect([exit, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^\[copr:127\.0\.0\.1:me:hello\]\nname=Copr repo for hello owned by me\nbaseurl=https:.*fedora-43-\$basearch\/\n/);
  expect(server.requests.map(({ url }) => url)).toEqual(["/api_3/rpmrepo/me/hello/fedora-43"]);
});

test.each(["json", "jsonl"])("prints %s, with nothing else", async (format) => {
  const printed = await run("bob/hello:pr:1", "fedora-43", "--output-format", format);
  expectSchema(`copr-cli-repo.${format}`, printed.stdout);
  const name = "_copr:127.0.0.1:bob:hello:pr:1.repo";
  expect(JSON.parse(printed.stdout)).toMatchObject({ project: "bob/hello:pr:1", release: "fedora-43", name, path: null });
  const installed = await run("bob/hello:pr:1", "fedora-43", "--output-format", format, "--install", "--yes", "--directory", directory);
  expectSchema(`copr-cli-repo.${format}`, installed.stdout);
  expect(JSON.parse(installed.stdout)).toMatchObject({ path: join(directory, name) });
});

test("installs the file for all to read, whatever the umask, and in the place of a link", async () => {
  const elsewhere = join(directory, "elsewhere");
  await writeFile(elsewhere, "mine");
  const target = join(directory, "repos");
  await mkdir(target);
  await symlink(elsewhere, join(target, NAME));
  const umask = process.umask(0o077);
  const { exit, stdout } = await run("hello", "epel-9", "--install", "--yes", "--directory", target).finally(() => process.umask(umask));
  expect([exit, stdout]).toEqual([0, `${join(target, NAME)} was written.\n`]);
  expect(await readdir(target)).toEqual([NAME]);
  expect((await stat(join(target, NAME))).mode & 0o777).toBe(0o644);
  expect(await readFile(join(target, NAME), "utf8")).toContain("/me/hello/epel-9-$basearch/\n");
  expect(await readFile(elsewhere, "utf8")).toBe("mine");
});

test("a pipe is not asked, and nothing is requested", async () => {
  const { exit, stdout, stderr } = await run("hello", "fedora-43", "--install", "--directory", directory);
  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toBe("\nError: There is nobody to ask whether the file may be installed: say so by --yes\n");
  expect([server.requests, await readdir(directory)]).toEqual([[], []]);
});

test.each([
  ["yes\r", [NAME]],
  ["no\r", []],
])("a person sees the file and answers %j", async (line, files) => {
  const home = await temporaryDirectory();
  await mkdir(join(home, ".config"));
  await writeFile(join(home, ".config", "copr"), config);
  const words = [...bin.cli, "repo", "hello", "fedora-43", "--install", "--directory", directory];
  const env = { HOME: home, TERM: "xterm", CI: "", no_proxy: "127.0.0.1" };
  const { exitCode, stdout } = await typeAt([["[y/n]?", line]], words, { env });
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain("[copr:127.0.0.1:me:hello]");
  expect(await readdir(directory)).toEqual(files);
});

test.each([
  [["hello", "fedora-99"], "me/hello has no repository of fedora-99; there are: fedora-43, epel-9"],
  [["hello:pr:2", "fedora-43"], "There is no directory 'hello:pr:2' in me/hello; there are: hello, hello:pr:1"],
])("%j is one sentence", async (argv, sentence) => {
  const { exit, stderr } = await run(...argv);
  expect([exit, stderr]).toEqual([3, `\nError: ${sentence}\n`]);
});

test("a directory that can't be written is told, with what to do", async () => {
  const place = join(directory, "none");
  const { exit, stderr } = await run("hello", "fedora-43", "--install", "--yes", "--directory", place);
  expect(exit).toBe(3);
  expect(stderr).toBe(
    `\nError: Cannot write '${join(place, NAME)}': no such file or directory\nRun it as root, or let --directory name a place of yours.\n`,
  );
});

test("a server that means ill writes nothing", async () => {
  const opts = { id: "coprdep:../../../tmp/x]\n[updates", name: "x" };
  told = { ...answer, dependencies: [{ opts, type: "external_baseurl", data: { pattern: "https://evil.example.org/" } }] };
  const { exit, stderr } = await run("hello", "fedora-43", "--install", "--yes", "--directory", directory);
  expect([exit, stderr.split("\n").length]).toEqual([5, 3]);
  expect(stderr).toContain("The frontend names a repository that can't be written into a file:");
  expect(await readdir(directory)).toEqual([]);
});
