import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { buildPackage, buildSource, buildUpload, buildUrls, createClient } from "../../src/core/index.ts";
import type { Account, Build, Project } from "../sandbox/models.ts";
import { expectSchema } from "../support/schemas.ts";
import { withStagedProject } from "../support/staged-project.ts";
import { linesOf, packageOf, type StagedSandbox } from "../support/staged-sandbox.ts";

const F43 = "fedora-43-x86_64";
const RAWHIDE = "fedora-rawhide-x86_64";
const GIT = "https://example.org/x.git";
const EPEL = "epel-10-x86_64";

let staged: StagedSandbox;
let project: Project;
withStagedProject([F43, RAWHIDE, EPEL], (one) => ({ staged, project } = one));

const rebuild = (...words: string[]) => staged.rebuild(...words);

test("every type of source is had again, with the options and chroots of the old build", async () => {
  const { login, token } = staged.world.accounts[0] as Account;
  const client = createClient({ url: staged.sandbox.url, login, token });
  const directory = await mkdtemp(join(tmpdir(), "uploads-"));
  await writeFile(join(directory, "up-1-1.src.rpm"), packageOf("up"));
  await writeFile(join(directory, "up.spec"), "Name: up\n");
  const manner = { timeout: 4321, background: true, enable_net: true, bootstrap: "on" };
  const target = { ownername: "demo", projectname: project.name, ...manner };
  const submit: Record<string, () => Promise<unknown>> = {
    link: () => buildUrls(client, ["https://example.org/link-1-1.src.rpm"], target),
    up: () => buildUpload(client, join(directory, "up-1-1.src.rpm"), { ...target, project_dirname: `${project.name}:pr:7` }),
    upspec: () => buildUpload(client, join(directory, "up.spec"), target),
    scm: () => buildSource(client, "scm", { clone_url: GIT, committish: "v1", subdirectory: "d", spec: "x.spec" }, target),
    svn: () => buildSource(client, "scm", { clone_url: GIT, scm_type: "svn", source_build_method: "make_srpm" }, target),
    bash: () =>
      buildSource(client, "distgit", { package_name: "bash", distgit: "fedora", namespace: "forks/me", committish: "f43" }, target),
    zsh: () => buildSource(client, "distgit", { package_name: "zsh" }, target),
    "python-x": () => buildSource(client, "pypi", { pypi_package_name: "x", pypi_package_version: "2", python_versions: [3, 2] }, target),
    "rubygem-x": () => buildSource(client, "rubygems", { gem_name: "x" }, target),
    own: () =>
      buildSource(client, "custom", { script: "#!/bin/sh\ntrue", chroot: F43, builddeps: ["git", "make"], resultdir: "out" }, target),
  };
  const old: Build[] = [];
  for (const [name, send] of Object.entries(submit)) {
    await send();
    old.push(staged.world.builds.at(-1) as Build);
    staged.finish(old.at(-1) as Build, name, { [F43]: "failed", [RAWHIDE]: "succeeded" });
  }
  await rm(directory, { recursive: true });
  const [up, spec] = [old[1], old[2]] as [Build, Build];
  await staged.publishSource(up, packageOf("what was built"));
  await staged.publishSource(spec, packageOf("made of the spec file"));
  // Else every one of them would be its package's.
  for (const each of staged.world.packages) each.source = { type: "unset", dict: {} };
  staged.changes();
  const { exit, stdout, stderr } = await staged.cli(
    "rebuild",
    ...old.map(({ id }) => `${id}`),
    "--yes",
    "--nowait",
    "--output-format",
    "jsonl",
  );
  expect([exit, stderr]).toEqual([0, ""]);
  const pairs = linesOf(stdout).filter(({ event }) => event === "rebuilt");
  expect(linesOf(stdout).map(({ event, build, new: made }) => [event, build ?? made])).toEqual(
    pairs.flatMap(({ new: made }) => [
      ["created", made],
      ["rebuilt", made],
    ]),
  );
  expect(pairs.map(({ event, result, chroots }) => [event, result, chroots])).toEqual(old.map(() => ["rebuilt", "done", [F43, RAWHIDE]]));
  for (const [at, before] of old.entries()) {
    const after = staged.world.build(pairs[at]?.["new"] as number);
    expect([pairs[at]?.["old"], pairs[at]?.["package"]]).toEqual([before.id, before.package?.name]);
    expect(after.options).toEqual({ ...before.options, chroots: [F43, RAWHIDE] });
    if (before.source.type !== "upload") expect(after.source).toEqual(before.source);
  }
  // Of the build that names the project nothing else goes into the address.
  const asked = staged.sandbox.requests.map(({ path }) => path).filter((path) => path.startsWith("/api_3/project?"));
  expect(new Set(asked)).toEqual(new Set([`/api_3/project?ownername=demo&projectname=${project.name}`]));
  const [upAgain, specAgain] = [1, 2].map((at) => staged.world.build(pairs[at]?.["new"] as number)) as [Build, Build];
  expect(await staged.uploaded(upAgain)).toEqual(packageOf("what was built"));
  expect(upAgain.source).toMatchObject({ type: "upload", dict: { pkg: "up-1-1.src.rpm" } });
  expect(await staged.uploaded(specAgain)).toEqual(packageOf("made of the spec file"));
  // Before something is fetched and sent, the frontend is asked whether it may be.
  const [check, upload] = ["POST /api_3/build/check-before-build", "POST /api_3/build/create/upload"];
  expect(staged.changes().filter((one) => /check|upload/.test(one))).toEqual([check, upload, check, upload]);
});

test("a package whose script runs in the latest Fedora is built by its name, for its builds name the Fedora that it was", async () => {
  const { login, token } = staged.world.accounts[0] as Account;
  const client = createClient({ url: staged.sandbox.url, login, token });
  const dict = { script: "make\n", chroot: "fedora-latest-x86_64", builddeps: null, resultdir: null, repos: "" };
  staged.world.addPackage(project, "scripted", { type: "custom", dict });
  await buildPackage(client, "scripted", { ownername: "demo", projectname: project.name });
  const old = staged.world.builds.at(-1) as Build;
  expect(old.source.dict["chroot"]).toBe(F43);
  staged.finish(old, "scripted", { [F43]: "failed" });
  staged.changes();
  expect((await rebuild(`${old.id}`)).exit).toBe(0);
  expect(staged.changes()).toEqual(["POST /api_3/package/build"]);
});

test("only what failed is built, and never everything because nothing did", async () => {
  const failed = staged.build(project, "hello", { [F43]: "failed", [RAWHIDE]: "succeeded", [EPEL]: "failed" });
  const good = staged.build(project, "zsh", { [F43]: "succeeded" });
  const broken = staged.build(project, "curl", {});
  broken.source_state = "failed";
  const { exit, told, made } = await rebuild(`${failed.id}`, `${good.id}`, `${broken.id}`, "--failed");
  expect(exit).toBe(0);
  expect(told.map(({ old, result, chroots, nothing }) => [old, result, chroots, nothing])).toEqual([
    [failed.id, "done", [F43, EPEL], null],
    [good.id, "skipped", [], "none of its chroots failed"],
    [broken.id, "skipped", [], "it failed before it had any chroots"],
  ]);
  expect(made.map(({ options }) => options.chroots)).toEqual([[F43, EPEL]]);
  // Nobody chose the chroots of this one, so it is for all there are.
  const again = await rebuild(`${broken.id}`);
  expect([again.exit, again.told[0]?.["chroots"], again.made[0]?.options.chroots]).toEqual([0, null, null]);
  const text = await staged.cli("rebuild", `${good.id}`, "--failed");
  expect(text).toEqual({ exit: 0, stdout: `${good.id}: zsh in demo/${project.name}: left out, none of its chroots failed\n`, stderr: "" });
});

test("new builds that nobody waits for are offered by completion", async () => {
  const old = staged.build(project, "hello", { [F43]: "failed" });
  expect(await staged.typed([], "rebuild", `${old.id}`, "--nowait")).toMatchObject({ exitCode: 0 });
  const { stdout } = await staged.typed([], "__complete", "builds");
  expect(stdout.split("\t")[0]).toBe(String(staged.world.builds.at(-1)?.id));
});

test("chroots are named by patterns, which mean the build's own; a whole name may be a new one", async () => {
  const build = staged.build(project, "hello", { [F43]: "failed", [EPEL]: "succeeded" });
  expect((await rebuild(`${build.id}`, "-r", "fedora-*")).made[0]?.options.chroots).toEqual([F43]);
  expect((await rebuild(`${build.id}`, "-r", RAWHIDE, "-r", "epel-*")).made[0]?.options.chroots).toEqual([EPEL, RAWHIDE]);
  project.chroots.delete(EPEL);
  const disabled = await rebuild(`${build.id}`);
  expect(disabled.made[0]?.options.chroots).toEqual([F43]);
  expect(disabled.told[0]?.["left_out"]).toEqual([{ chroot: EPEL, reason: "it is not enabled in the project" }]);
  const none = await rebuild(`${build.id}`, "-r", EPEL);
  expect([none.exit, none.made, none.told[0]?.["nothing"]]).toEqual([0, [], "none of its chroots is enabled in the project"]);
  const mistaken = await staged.cli("rebuild", `${build.id}`, "-r", "suse-*");
  expect(mistaken).toMatchObject({ exit: 2, stdout: "" });
  expect(mistaken.stderr).toContain(`No chroot of build ${build.id} matches 'suse-*'\nThere are: ${F43}, ${EPEL}, ${RAWHIDE}.\n`);
});

test("what fails is told, and the rest goes on", async () => {
  const lost = staged.build(
    project,
    "lost",
    { [F43]: "failed" },
    { source: { type: "upload", dict: { url: `${staged.sandbox.url}/tmp/x/lost-1-1.src.rpm` } } },
  );
  const good = staged.build(project, "good", { [F43]: "failed" });
  const { exit, stdout, stderr } = await staged.cli("rebuild", "99999", `${lost.id}`, `${good.id}`, "--yes", "--nowait", "--json");
  expect([exit, JSON.parse(stderr).error.message]).toEqual([1, "2 of 3 failed, see above."]);
  expectSchema("copr-cli-rebuild.json", stdout);
  const { rebuilds, builds } = JSON.parse(stdout) as Record<
    string,
    { old: number; new: number; id: number; result: string; error: { message: string } }[]
  >;
  expect(rebuilds?.map(({ result, error }) => [result, error?.message])).toEqual([
    ["failed", "Build 99999 does not exist."],
    ["failed", `The source package of build ${lost.id} is not to be had any more`],
    ["done", undefined],
  ]);
  expect(builds?.map(({ id }) => id)).toEqual([rebuilds?.[2]?.new]);
  const single = await staged.cli("rebuild", "99999");
  expect(single).toMatchObject({ exit: 1, stdout: "99999: failed: Build 99999 does not exist.\n" });
  staged.changes();
  const uploaded = await staged.guest("rebuild", `${lost.id}`);
  expect([uploaded.exit, uploaded.stderr]).toEqual([7, expect.stringContaining("User 'guest' is not allowed to build in 'demo/")]);
  const denied = await staged.guest("rebuild", `${good.id}`);
  expect([denied.exit, denied.stderr]).toEqual([7, expect.stringContaining("User guest is not allowed to build in the copr: demo/")]);
});

test.each([
  ["SIGINT", 1],
  ["SIGTERM", 143],
] as const)("nothing of a source package stays here after %s", async (signal, status) => {
  const build = staged.build(
    project,
    "big",
    { [F43]: "failed" },
    { source: { type: "upload", dict: { pkg: "big-1-1.src.rpm", tmp: "gone" } } },
  );
  // The half of it: what is missing comes never.
  const server = createServer((_, response) => void response.writeHead(200, { "content-length": 1_000_000 }).write(packageOf("half")));
  await once(server.listen(0, "127.0.0.1"), "listening");
  build.source.dict["url"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/big-1-1.src.rpm`;
  const temporary = await mkdtemp(join(tmpdir(), "temporary-"));
  try {
    const half = vi.waitFor(() => expect(readdirSync(temporary, { recursive: true }).join()).toContain(".part"), { timeout: 100_000 });
    const { exit } = await staged.signaled(signal, half, temporary, "rebuild", `${build.id}`);
    expect([exit, readdirSync(temporary), staged.changes()]).toEqual([status, [], ["POST /api_3/build/check-before-build"]]);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(temporary, { recursive: true });
  }
});

test("it asks before it makes several, and a dry run changes nothing", async () => {
  const ids = ["hello", "zsh"].map((name) => `${staged.build(project, name, { [F43]: "failed" }).id}`);
  const refused = await staged.cli("rebuild", ...ids);
  expect([refused.exit, refused.stdout, staged.changes()]).toEqual([2, "", []]);
  expect(refused.stderr).toContain("Make 2 builds again: these are 2 changes, and nobody can be asked here.\nGive --yes to make them");
  const answered = async (answer: string) =>
    (await staged.typed([["Make 2 builds again [y/n]?", `${answer}\r`]], "rebuild", ...ids, "--nowait")).stdout;
  expect(await answered("n")).toContain("Nothing was changed.");
  expect(staged.changes()).toEqual([]);
  expect(await answered("y")).toContain("Created builds: ");
  expect(staged.changes()).toHaveLength(2);
  for (const { id } of staged.world.builds.filter(({ id, project: own }) => own === project && !ids.includes(`${id}`))) {
    staged.world.removeBuild(staged.world.build(id));
  }
  for (const words of [ids, ["--project", project.name]]) {
    const dry = await staged.guest("rebuild", ...words.map((word) => (word === project.name ? `demo/${word}` : word)), "--dry-run");
    expect([dry.exit, dry.stderr, staged.changes()]).toEqual([0, "", []]);
    expect(dry.stdout).toBe(
      ["hello", "zsh"].map((name, at) => `${ids[at]} -> new build: ${name} in demo/${project.name}, ${F43}\n`).join(""),
    );
  }
});

test.each([
  [[], /required: build_id\nOr name a project by --project\.\n$/],
  [["17", "--project", "x"], /Name builds, or a project by --project: not both\.\n$/],
  [["17", "--all"], /--all is about a project: name it by --project\.\n$/],
  [["17", "--package", "x"], /--package is about a project/],
  [["--project", "x", "--all", "--failed"], /'--all' cannot be used with option '--failed'/],
  [["seventeen"], /It is no whole number/],
])("%j is told before anything is asked", async (words, message) => {
  const before = staged.sandbox.requests.length;
  const { exit, stdout, stderr } = await staged.cli("rebuild", ...words);
  expect([exit, stdout, staged.sandbox.requests.length]).toEqual([2, "", before]);
  expect(stderr).toMatch(message);
});

test("it waits for the new builds as the commands do that make builds", async () => {
  const hello = staged.build(project, "hello", { [F43]: "failed" });
  const zsh = staged.build(project, "zsh", { [F43]: "failed" });
  const ending = setInterval(() => {
    for (const build of staged.world.builds.filter(({ id, source_state: state }) => id > zsh.id && state === "pending")) {
      staged.finish(build, build.id % 2 === hello.id % 2 ? "hello" : "zsh", {
        [F43]: build.id % 2 === hello.id % 2 ? "failed" : "succeeded",
      });
    }
  }, 500);
  try {
    const text = await staged.cli("rebuild", `${hello.id}`, `${zsh.id}`, "--yes", "--poll-interval", "1");
    expect(text).toMatchObject({ exit: 4, stderr: expect.stringContaining(`Build(s) ${zsh.id + 1} failed.`) });
    expect(text.stdout).toMatch(
      new RegExp(
        `^${hello.id} -> ${zsh.id + 1}: hello in demo/\\w+, ${F43}\n${zsh.id} -> ${zsh.id + 2}: zsh in demo/\\w+, ${F43}\n` +
          `Created builds: ${zsh.id + 1} ${zsh.id + 2}\nWatching build\\(s\\): [^]*${zsh.id + 2}: succeeded`,
      ),
    );
    const events = await staged.cli("rebuild", `${zsh.id}`, "--poll-interval", "1", "--output-format", "jsonl");
    for (const line of events.stdout.split("\n").filter(Boolean)) expectSchema("copr-cli-rebuild.jsonl", line);
    const kinds = linesOf(events.stdout).map(({ event }) => event);
    expect([kinds[0], kinds.at(-1)]).toEqual(["created", "finished"]);
  } finally {
    clearInterval(ending);
  }
});
