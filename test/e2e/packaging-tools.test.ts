import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeHelloSrpm } from "../sandbox/hello-package.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { makeRepository, specText } from "../support/builder-host.ts";
import { bin, type Outcome, output, runProgram } from "../support/program.ts";
import { askPython } from "../support/python.ts";

// The examples of docs/packaging-tools.md: what fedpkg, rpkg, tito and git make of them, with copr-cli on their PATH.

const example = (name: string): string => fileURLToPath(new URL(`../../examples/packaging-tools/${name}`, import.meta.url));
const fastTimers = fileURLToPath(new URL("../goldens/preload/fast-timers.cjs", import.meta.url));
let directory: string;
let sandbox: Sandbox;
let srpm: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-tools-"));
  sandbox = await startSandbox({ directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host" });
  await mkdir(join(directory, "bin"));
  await symlink(bin.cli[1], join(directory, "bin", "copr-cli"));
  await mkdir(join(directory, ".config"));
  await writeFile(join(directory, ".config", "copr"), sandbox.configText);
  await writeFile(join(directory, "copr-staging"), sandbox.configText);
  for (const project of ["hello", "hello-testing"]) {
    const { exitCode, stderr } = await run(["copr-cli", "create", project, "--chroot", "fedora-43-x86_64"]);
    if (exitCode !== 0) throw new Error(stderr);
  }
  srpm = await makeHelloSrpm(join(directory, "hello"));
});
afterAll(async () => {
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

function run(argv: readonly string[], cwd = directory): Promise<Outcome> {
  const env = {
    HOME: directory,
    PATH: `${join(directory, "bin")}:${process.env["PATH"]}`,
    GIT_CONFIG_GLOBAL: "/dev/null",
    // None of these tools passes on how often to ask for the state; the half minute is shortened.
    NODE_OPTIONS: `--require="${fastTimers}"`,
    GOLDEN_SLEEP_LOG: join(directory, "sleeps"),
  };
  return runProgram(argv, { cwd, env });
}

describe("tito", () => {
  interface Target {
    project_name: string;
    copr_options?: string;
    remote_location?: string;
  }
  /** As tito reads the file, by Python's parser without interpolation. */
  async function targets(): Promise<Record<string, Target>> {
    const script =
      "from configparser import RawConfigParser\nparser = RawConfigParser()\nparser.read_string(given)\nanswer = {name: dict(parser[name]) for name in parser.sections()}";
    return askPython(script, await readFile(example("releasers.conf"), "utf8"));
  }

  test("submits by the words that its releaser makes of the example", async () => {
    const called = Object.entries(await targets()).flatMap(([name, target]) =>
      target.project_name.split(" ").map((project) => ({ name, project, target })),
    );
    expect(called.map(({ name, project }) => `${name} ${project}`)).toEqual([
      "copr hello",
      "copr-testing hello-testing",
      "copr-by-address hello",
      "copr-by-address hello-testing",
    ]);
    for (const { name, project, target } of called) {
      const { copr_options: options = "--nowait", remote_location: location } = target;
      const source = location === undefined ? srpm : location + basename(srpm);
      const line = `/usr/bin/copr-cli build ${options} ${project} ${source}`;
      const [program = "", ...words] = line.split(/\s+/);
      const { exitCode, stdout, stderr } = await run([basename(program), ...words]);
      expect([exitCode, stderr], `${name}: ${stdout}`).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^(Uploading package ${srpm}\\n)?Build was added to ${project}:\\n.*\\nCreated builds: \\d+\\n`));
      // Nothing is at that address, and the next builds need not wait until that is clear.
      if (location !== undefined) await run(["copr-cli", "cancel", stdout.trim().split(" ").at(-1) as string]);
      expect(stdout.endsWith("succeeded\n"), "it waits only where the example says so").toBe(name === "copr-testing");
    }
  });

  test("sees a failure by the exit status", async () => {
    await writeFile(join(directory, "copr-bad"), sandbox.configText.replace(/^token\s*=.*$/m, "token = wrong"));
    const { exitCode } = await run(["copr-cli", "--config", "copr-bad", "build", "--nowait", "hello", srpm]);
    // Less than 0, the end by a signal, would pass for success.
    expect(exitCode).toBe(1);
  });
});

describe("fedpkg and rpkg", () => {
  test.each([
    ["fedpkg copr-build --nowait --config …", ["--config", "copr-staging"], ["--nowait"]],
    ["rpkg copr-build", [], []],
  ])("%s: the source package lies in the working directory", async (_, globals, options) => {
    await copyFile(srpm, join(directory, basename(srpm)));
    const { exitCode, stdout, stderr } = await run(["copr-cli", ...globals, "build", ...options, "demo/hello", basename(srpm)]);
    expect([exitCode, stderr], stdout).toEqual([0, ""]);
    expect(stdout).toMatch(/^Uploading package hello-1\.0-1\.src\.rpm\nBuild was added to hello:\n/);
    expect(stdout.endsWith("succeeded\n")).toBe(options.length === 0);
  });

  test("a build that fails is an error of theirs", async () => {
    const spec = specText("broken", "false");
    await writeFile(join(directory, "broken.spec"), spec);
    await output(["rpmbuild", "-bs", "--define", `_srcrpmdir ${directory}`, join(directory, "broken.spec")]);
    expect(await run(["copr-cli", "build", "hello", "broken-1-1.src.rpm"])).toMatchObject({ exitCode: 4 });
  });
});

describe("git", () => {
  test("the hook submits a tag that is pushed, as it was tagged, and nothing else", async () => {
    const spec = specText("hooked", "true", "Source0: %{name}-%{version}.tar.gz").replace("%build", "%prep\n%autosetup\n%build");
    await makeRepository(directory, "hooked", { "hooked.spec": spec, "main.c": "int x;\n" });
    const cwd = join(directory, "hooked");
    const git = async (...words: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await run(["git", "-c", "user.name=n", "-c", "user.email=e@x", ...words], cwd);
      expect(exitCode, stderr).toBe(0);
      return stdout + stderr;
    };
    await output(["git", "init", "--quiet", "--bare", join(directory, "forge.git")]);
    await git("remote", "add", "forge", join(directory, "forge.git"));
    await copyFile(example("pre-push"), join(cwd, ".git", "hooks", "pre-push"));
    expect(await git("push", "forge", "HEAD:refs/heads/main"), "not configured").not.toContain("Created builds");
    await git("config", "copr.project", "demo/hello");

    await git("tag", "-a", "v1", "-m", "one");
    await writeFile(join(cwd, "hooked.spec"), "Name: unfinished\n");
    expect(await git("push", "forge", "HEAD:refs/heads/other"), "a branch").not.toContain("Created builds");
    expect(await git("push", "forge", "v1")).toMatch(
      /Uploading package .*\/hooked-1-1\.src\.rpm\nBuild was added to hello:\n.*\nCreated builds: \d+\n/,
    );
    expect(await git("push", "forge", "--delete", "v1"), "a deleted tag").not.toContain("Created builds");

    await git("config", "copr.project", "demo/nowhere");
    expect(await git("push", "forge", "v1"), "the push goes on").toContain("The tag v1 was not submitted to Copr\n");
    expect(await git("ls-remote", "forge", "v1")).toContain("refs/tags/v1");
  });
});
