import { createHash } from "node:crypto";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BuilderHost, specText, srpmTask, startBuilderHost } from "../../support/builder-host.ts";
import { installTools } from "../../support/packaging-tools.ts";
import { output } from "../../support/program.ts";

const content = "the tarball";
const sha1 = createHash("sha1").update(content).digest("hex");

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
  const directory = join(host.directory, "dist-git-client");
  await mkdir(directory);
  await writeFile(
    join(directory, "centos.ini"),
    `[centos]\nclone_hostnames = localhost\npath_prefixes = ${host.directory}/rpms/\nsources_file = .{name}.metadata\nspecs = SPECS\nsources = SOURCES\ndefault_sum = SHA1\nlookaside_location = ${host.url}\nlookaside_uri_pattern = sources/{name}/{refspec}/{hash}\n`,
  );
  process.env["COPR_DISTGIT_CLIENT_CONFDIR"] = directory;
});
afterEach(async () => {
  delete process.env["COPR_DISTGIT_CLIENT_CONFDIR"];
  await host.close();
});

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const reason = async (): Promise<unknown> => (await host.status())["reason"];
const build = (url: string, committish: string | null = null) =>
  host.runTask(srpmTask("", { source_type: 10, source_json: JSON.stringify({ clone_url: url, committish }) }));

async function repository(
  name: string,
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
): Promise<string> {
  const path = join(host.directory, name);
  await output(["git", "init", "--quiet", "--initial-branch=c9s", path]);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(path, dirname(file)), { recursive: true });
    await writeFile(join(path, file), text);
  }
  for (const [link, target] of Object.entries(links)) await symlink(target, join(path, link));
  await output(["git", "-C", path, "add", "--all"]);
  await output(["git", "-C", path, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "--message=x"]);
  return `file://${path}`;
}

const centos = { "SPECS/hello.spec": specText("hello", "true", "Source0: a.tar"), ".hello.metadata": `${sha1} SOURCES/a.tar\n` };

test("the layout of CentOS: specs and sources in directories, the branch in the address", async () => {
  host.pages.set(`/sources/hello/c9s/${sha1}`, { body: content });
  const url = await repository("rpms/hello", centos);
  for (const committish of ["c9s", null]) {
    const { exitCode, stdout } = await build(url, committish);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain(`\nDownloading ${host.url}/sources/hello/c9s/${sha1}\n`);
    expect(await results()).toEqual(["hello-1-1.src.rpm", "hello.spec", "results.json", "success"]);
  }
});

test("a commit is a reference, too", async () => {
  const url = await repository("rpms/hello", centos);
  const hash = (await output(["git", "-C", url.slice("file://".length), "rev-parse", "HEAD"])).trim();
  host.pages.set(`/sources/hello/${hash}/${sha1}`, { body: content });
  const { exitCode, stdout } = await build(url, hash);
  expect(exitCode, stdout).toBe(0);
});

test.each([
  [
    "C34: a source that would lie outside",
    { ".hello.metadata": `${sha1} ../../evil\n` },
    {},
    /^Refusing the file name '\.\.\/\.\.\/evil' in the sources file$/,
  ],
  ["C34: an unknown checksum", { ".hello.metadata": "./EVIL (a.tar) = 00\n" }, {}, /^Weird sources line|^Unknown checksum type/],
  [
    "C35: a source that is a link to a file of the host",
    { ".hello.metadata": "" },
    { "a.tar": "/etc/passwd" },
    /^Refusing the link 'a\.tar': it leads out/,
  ],
  ["no directory of specs", { "SPECS/hello.spec": undefined }, {}, /^The repository has no directory 'SPECS'/],
])("%s", async (_name, files, links, message) => {
  const all = Object.entries({ ...centos, ...files }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  expect((await build(await repository("rpms/hello", Object.fromEntries(all), links))).exitCode).toBe(1);
  expect(await reason()).toMatch(message);
  expect(await readdir(host.directory)).not.toContain("evil");
});

const auto = { "auto.spec": specText("auto", "true").replace("Release: 1", "Release: %autorelease") + "%changelog\n%autochangelog\n" };

test("rpmautospec makes the release of the whole history", async () => {
  host.cleanUps.push(await installTools("rpmautospec"));
  const url = await repository("auto", auto);
  const { exitCode, stdout } = await build(url);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toMatch(/\nRunning: rpmautospec process-distgit \S+\/repo\/auto\.spec \S+\/autospec\/auto\.spec\n/);
  expect(await results()).toContain("auto-1-1.src.rpm");
});

test("without rpmautospec that is told, and the macros of the chroot have to do", async () => {
  const { stdout } = await build(await repository("auto", auto));
  expect(stdout).toContain("\nThe spec file uses rpmautospec, which is not installed on this builder");
});
