import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, makeSrpm, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { isAlive } from "../support/processes.ts";
import { bin, output, runProgram } from "../support/program.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
});
afterAll(() => host.close());

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const resultsJson = async (): Promise<unknown> => JSON.parse(await readFile(join(host.stateDirectory, "results", "results.json"), "utf8"));

describe("a source package", () => {
  test("by task id, from the frontend: uploaded .src.rpm", async () => {
    const srpm = await makeSrpm(host.directory, "hello", "true", "Epoch: 3\nExclusiveArch: x86_64 aarch64");
    host.pages.set(`/tmp/x/${basename(srpm)}`, { body: await readFile(srpm) });
    host.pages.set("/backend/get-srpm-build-task/7", {
      type: "application/json",
      body: JSON.stringify(srpmTask(`${host.url}/tmp/x/${basename(srpm)}`)),
    });
    const { exitCode, stdout } = await host.builder("run", "7");
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toBe(await host.log());
    expect(await results()).toEqual(["hello-1-1.src.rpm", "hello.spec", "results.json", "success"]);
    const tags = { buildarch: ["noarch"], exclusivearch: ["aarch64", "x86_64"] };
    expect(await resultsJson()).toEqual({
      architecture_specific_tags: { "fedora-43": tags, "epel-9": tags },
      name: "hello",
      epoch: 3,
      version: "1",
      release: "1",
    });
    expect(await readFile(join(host.stateDirectory, "results", "success"), "utf8")).toBe("done");
    expect(await host.status()).toMatchObject({ schema_version: 1, task_id: "7", state: "succeeded", exit_code: 0, reason: null });
  });

  test.each([[""], [null]])("of the branch that a repository shows by itself: git_hash %j", async (hash) => {
    const repository = await makeRepository(host.directory, `branch-${String(hash)}`, { "branch.spec": specText("branch", "true") });
    const { exitCode, stdout } = await host.runTask(rpmTask(repository, { git_hash: hash }));
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toContain("branch-1-1.noarch.rpm");
  });

  test("from files of this machine, which a task file may name", async () => {
    const srpm = await makeSrpm(host.directory, "local");
    const { exitCode, stdout } = await host.runTask(srpmTask(`file://${srpm}`));
    expect(exitCode, stdout).toBe(0);
    await host.runTask(srpmTask(`file://${srpm.replace("local-1", "local-2")}`));
    expect((await host.status())["reason"]).toMatch(/^Cannot read 'file:.*local-2-1\.src\.rpm': no such file or directory$/);
  });

  test("but not from them with --no-local-files, for a task file that somebody else wrote", async () => {
    const { exitCode } = await host.runTask(srpmTask(`file://${await makeSrpm(host.directory, "foreign")}`), "--no-local-files");
    expect([exitCode, (await host.status())["reason"]]).toEqual([1, expect.stringContaining("source_json.url must begin with https:")]);
    // Nor by a submodule of an honest repository.
    const [hidden, honest] = ["hidden", "honest"].map((name) => makeRepository(host.directory, name, { "a.spec": specText("a", "true") }));
    const git = ["git", "-C", join(host.directory, "honest"), "-c", "user.name=T", "-c", "user.email=t@example.org"];
    const { url: repository, hash } = host.publishRepository((await honest) as { url: string; hash: string });
    await output([...git, "-c", "protocol.file.allow=always", "submodule", "add", ((await hidden) as { url: string }).url, "sub"]);
    await output([...git, "commit", "--quiet", "--all", "--message", "A submodule"]);
    const tip = { url: repository, hash: (await output([...git, "rev-parse", "HEAD"])).trim() };
    expect(tip.hash).not.toBe(hash);
    expect((await host.runTask(rpmTask(tip))).exitCode).toBe(0);
    expect((await host.runTask(rpmTask(tip), "--no-local-files")).exitCode).toBe(1);
    expect(await host.log()).toMatch(/transport 'file' not allowed/);
  });

  test("from a spec file", async () => {
    host.pages.set("/tmp/x/small.spec", { body: specText("small", "true") });
    const { exitCode, stdout } = await host.runTask(srpmTask(`${host.url}/tmp/x/small.spec`));
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toEqual(["results.json", "small-1-1.src.rpm", "small.spec", "success"]);
  });

  test.each([
    ["uploaded", 2, ""],
    ["linked", 1, "enabled_source_protocols = http"],
  ])("the sources of an %s spec file are downloaded by an agent that says its name", async (_kind, sourceType, setting) => {
    const config = join(host.directory, `agent-${sourceType}.ini`);
    await writeFile(config, `[main]\nbuildroot = host\nmacro_override_db_url =\n${setting}\n`);
    const agents: unknown[] = [];
    const server = createServer((request, response) => {
      agents.push(request.headers["user-agent"]);
      response.end("x");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.txt`;
    host.pages.set("/tmp/x/agent.spec", { body: specText("agent", "true", `Source0: ${address}`) });
    const source = { source_type: sourceType, source_json: JSON.stringify({ url: `${host.url}/tmp/x/agent.spec` }) };
    const { exitCode, stdout } = await host.runTask(srpmTask("", source), "--config", config);
    server.close();
    expect(exitCode, stdout).toBe(0);
    expect(agents).toEqual([expect.stringMatching(/^copr-builder\/\d/)]);
  });

  test("from dist-git", async () => {
    const { url, hash } = await makeRepository(host.directory, "distgit", { "small.spec": specText("small", "true") });
    const task = srpmTask("", { source_type: 10, source_json: JSON.stringify({ clone_url: url, committish: hash }) });
    const { exitCode, stdout } = await host.runTask(task);
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toEqual(["results.json", "small-1-1.src.rpm", "small.spec", "success"]);
  });
});

describe("packages", () => {
  test("are built, listed and readable; the log holds it all", async () => {
    const repository = await makeRepository(host.directory, "good", {
      "good.spec": specText("good", "echo built $(rpm --eval '%{copr_projectname}')"),
    });
    const { exitCode, stdout } = await host.runTask(rpmTask(repository));
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toEqual(["build.log", "good-1-1.noarch.rpm", "good-1-1.src.rpm", "good.spec", "results.json", "success"]);
    expect(await resultsJson()).toEqual({
      packages: [
        { name: "good", epoch: null, version: "1", release: "1", arch: "noarch" },
        { name: "good", epoch: null, version: "1", release: "1", arch: "src" },
      ],
    });
    expect(await host.log()).toMatch(/Buildroot: host[\s\S]*\nbuilt prj\n[\s\S]*\nBuild succeeded\n$/);
    expect(await readdir(host.stateDirectory)).toEqual(expect.not.arrayContaining(["build.running", "pid", "logger_pid", "workspace"]));
  });

  test("a build condition reaches the spec", async () => {
    const spec = specText("cond", "echo docs=%{with docs}", "%bcond_with docs");
    const repository = await makeRepository(host.directory, "cond", { "cond.spec": spec });
    expect((await host.runTask(rpmTask(repository, { with_opts: ["docs"] }))).stdout).toContain("\ndocs=1\n");
    expect((await host.runTask(rpmTask(repository))).stdout).toContain("\ndocs=0\n");
  });

  test("a daemon that the build starts does not outlive it", async () => {
    const spec = specText("daemon", "setsid sh -c 'sleep 3000; exec true' >/dev/null 2>&1 & echo $! > %{_topdir}/../../../../daemon-pid");
    const repository = await makeRepository(host.directory, "daemon", { "daemon.spec": spec });
    const { exitCode, stdout } = await host.runTask(rpmTask(repository));
    expect(exitCode, stdout).toBe(0);
    const pid = (await readFile(join(host.directory, "daemon-pid"), "utf8")).trim();
    expect(pid).toMatch(/^\d+$/);
    expect(await isAlive(pid)).toBe(false);
  });
});

describe("a failure leaves the truth", () => {
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      "a spec that fails",
      async () => rpmTask(await makeRepository(host.directory, "bad", { "bad.spec": specText("bad", "exit 3") })),
      /^Build failed: rpmbuild ended with 1$/,
    ],
    ["no spec", async () => rpmTask(await makeRepository(host.directory, "nospec", { readme: "x" })), /^The repository has no spec file$/],
    [
      "an unknown commit",
      async () => ({ ...rpmTask(await makeRepository(host.directory, "commit", { "a.spec": "" })), git_hash: "f".repeat(40) }),
      /^The repository has no commit, branch or tag 'f+'$/,
    ],
    ["no such repository", async () => rpmTask({ url: `file://${host.directory}/nowhere`, hash: "a" }), /^Cannot clone file:.*nowhere/],
    ["no such file", async () => srpmTask(`${host.url}/gone.src.rpm`), /^The server answered 404 for http.*gone\.src\.rpm$/],
    ["no package", async () => srpmTask(`${host.url}/page.src.rpm`), /^page\.src\.rpm is not a readable RPM package/],
    [
      "an unreadable name",
      async () => srpmTask(`${host.url}/..%2F..%2Fevil.spec.txt`),
      /^The address is not of a \.spec or \.src\.rpm file/,
    ],
    ["no JSON", async () => "{", /^The build definition is not JSON$/],
    ["JSON null", async () => "null", /^The frontend has nothing to build/],
    [
      "a hostile chroot",
      async () => rpmTask({ url: "https://example.org/x", hash: "a" }, { chroot: "../../etc/x" }),
      /chroot is not the name of a chroot/,
    ],
    ["a checkout option", async () => rpmTask({ url: "https://example.org/x", hash: "--orphan=x" }), /git_hash is not a commit/],
    ["an unknown source", async () => srpmTask("", { source_type: 3 }), /unknown source_type 3$/],
  ];
  test.each(cases)("%s", async (name, makeTask, reason) => {
    host.pages.set("/page.src.rpm", { body: "<html>no package</html>" });
    const { exitCode, stdout } = await host.runTask(await makeTask());
    expect(exitCode, stdout).toBe(1);
    const status = await host.status();
    expect(status).toMatchObject({ state: "failed", exit_code: 1 });
    expect(status["reason"]).toMatch(reason);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(
      `${name === "no such file" ? "Network" : "Copr build"} error: ${String(status["reason"])}`,
    );
    const left = await results();
    expect(left).not.toContain("success");
    expect(left).not.toContain("results.json");
    expect(left.filter((name) => name.endsWith(".rpm") && !name.endsWith(".src.rpm"))).toEqual([]);
  });

  const answers: [string, { status?: number; type?: string; body: string }, RegExp][] = [
    [
      "an unknown build",
      { status: 404, type: "application/json", body: '{"msg": "Specified task ID not found"}' },
      /^The frontend does not know this task: .*404/,
    ],
    ["a web page", { type: "text/html", body: "<html>Login</html>" }, /is not JSON. It looks like a web page/],
    ["a broken frontend", { status: 503, body: "" }, /^The server answered 503/],
    [
      "another task",
      { body: JSON.stringify(srpmTask("http://x.example/a.spec", { task_id: "8" })) },
      /^The frontend answered with task 8 instead of 7$/,
    ],
  ];
  test.each(answers)("frontend: %s", async (_name, answer, reason) => {
    host.pages.set("/backend/get-srpm-build-task/7", answer);
    expect((await host.builder("run", "7")).exitCode).toBe(1);
    expect((await host.status())["reason"]).toMatch(reason);
  });

  test("a frontend that is down", async () => {
    const { exitCode } = await host.builder("run", "--task-url", "http://127.0.0.1:1/backend/get-srpm-build-task/7");
    expect(exitCode).toBe(1);
    expect((await host.status())["reason"]).toMatch(
      /^Cannot fetch http:\/\/127\.0\.0\.1:1\/backend\/get-srpm-build-task\/7: the connection was refused; the frontend 127\.0\.0\.1:1 has been down since /,
    );
  });

  test("a definition that never comes: the deadline holds there too", async () => {
    const config = join(host.directory, "hurried.ini");
    await writeFile(config, `[main]\nfrontend_url = ${host.url}\ndefault_timeout = 1\n`);
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/task`;
    const words = ["run", "--config", config, "--state-dir", host.stateDirectory, "--task-url", url];
    expect((await runProgram([...bin.builder, ...words])).exitCode).toBe(5);
    silent.closeAllConnections();
    silent.close();
    expect(await host.status()).toMatchObject({ state: "timed-out", task_id: null });
  });

  test("a password in the repository's address is refused, and stays out of the log", async () => {
    const { exitCode, stdout } = await host.runTask(rpmTask({ url: "http://us:se@cret@127.0.0.1:1/x.git", hash: "a" }));
    expect(exitCode).toBe(1);
    expect((await host.status())["reason"]).toMatch(/git_repo must not hold a user name or password/);
    expect(stdout).not.toContain("cret");
  });

  test("an empty --state-dir is refused: it would be the working directory", async () => {
    const { exitCode, stderr } = await runProgram([...bin.builder, "status", "--state-dir", ""]);
    expect([exitCode, stderr]).toEqual([2, "copr-builder: The value of --state-dir is empty\n"]);
  });

  test.each(["{}", "[]", '"x"', "null", '{"state": "building", "pid": {}, "mark": {}}'])(
    "a status file that holds %s is damaged",
    async (text) => {
      await writeFile(join(host.stateDirectory, "status.json"), text);
      const { exitCode, stderr } = await host.builder("status", "--wait");
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^copr-builder: The status file '.*' is damaged\n$/);
    },
  );

  test("a missing task file", async () => {
    const { exitCode, stdout } = await host.builder("run", "--task-file", "nothing.json");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Copr build error: Cannot read the task file '.*nothing.json': no such file or directory\n$/);
  });

  test("results of the task before are gone", async () => {
    await writeFile(join(host.stateDirectory, "results", "success"), "done");
    await host.runTask("null");
    expect(await results()).toEqual([]);
  });
});

test("all commands find the state directory that the configuration names", async () => {
  const config = join(host.directory, "other.ini");
  const other = join(host.directory, "other-state");
  await writeFile(config, `[main]\nstate_dir = ${other}\n`);
  const run = (...words: string[]) => runProgram([...bin.builder, ...words, "--config", config]);
  expect((await run("run", "--task-file", "/nowhere")).exitCode).toBe(1);
  expect((await run("status")).stdout).toMatch(/^failed: Cannot read the task file/);
  expect((await run("log")).stdout).toBe(await readFile(join(other, "live-log"), "utf8"));
  expect((await run("cancel")).stdout).toBe("No task is running\n");
});

describe("usage", () => {
  test.each([
    [["run"], /exactly one of a task id/],
    [["run", "x"], /'x' is not a task id/],
    [["run", "7", "--task-url", "http://x"], /exactly one of a task id/],
    [["run", "--task-url", "file:///etc/passwd"], /not an http\(s\) address/],
    [["run", "--task-url", "http://us:secret@127.0.0.1:1/x"], /holds a user name or password/],
    [["rum", "7"], /unknown command 'rum'/],
  ])("%j", async (words, message) => {
    const { exitCode, stderr } = await host.builder(...words);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
