import { chmod, link, lstat, mkdir, open, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { RpmTask } from "../../src/core/task/build-task.ts";
import { exists } from "../../src/core/files/directories.ts";
import { removeTree } from "../../src/core/files/remove-tree.ts";
import { reviewPackages, wantsFedoraReview } from "../../src/builder/results/fedora-review.ts";
import { publishFile, sweepFailedResults, sweepResults } from "../../src/builder/results/results.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { output } from "../support/program.ts";
import { taskContext, type TestContext } from "../support/task-context.ts";

/** A result directory with two good files, and files of the host that nobody may see. */
async function prepare(maxResultsBytes = 0): Promise<TestContext & { secret: string }> {
  const context = await taskContext({ settings: { maxResultsBytes } });
  await mkdir(join(context.results, "fedora-review"), { recursive: true });
  await writeFile(join(context.results, "a-1-1.noarch.rpm"), "package");
  await writeFile(join(context.results, "fedora-review", "review.txt"), "review");
  const secret = join(context.workDirectory, "secret");
  await writeFile(secret, "secret", { mode: 0o600 });
  return { ...context, secret };
}

const good = ["a-1-1.noarch.rpm", "fedora-review", "fedora-review/review.txt"];
const left = async ({ results }: TestContext): Promise<string[]> => (await readdir(results, { recursive: true })).sort();

/** What a hostile build leaves: made in the directory, with the path of a file of the host. */
const hostile: Record<string, (directory: string, secret: string) => Promise<unknown>> = {
  "C21: a link": (directory, secret) => symlink(secret, join(directory, "build.log")),
  "C21: a dangling link": (directory) => symlink("/nowhere", join(directory, "x")),
  "C21: a link to a directory": async (directory, secret) => {
    await mkdir(`${secret}s/deep`, { recursive: true });
    await symlink(`${secret}s`, join(directory, "linked"));
  },
  "C21: a hard link to a file of the host": (directory, secret) => link(secret, join(directory, "build.log")),
  "C21: a FIFO": (directory) => output(["mkfifo", join(directory, "fifo")]),
  "C21: a socket": (directory) => socket(join(directory, "socket")),
  "C21: a name with a line end": (directory) => writeFile(join(directory, "a\nCopr build error: x"), ""),
  "C21: a name with an escape": (directory) => writeFile(join(directory, "a\u001b]52;c;x\u0007"), ""),
  "C21: a name with a C1 control": (directory) => writeFile(join(directory, "a\u009b31m"), ""),
  "C21: a name that is turned around": (directory) => writeFile(join(directory, "a\u202egpj.exe"), ""),
  "C21: a directory with an odd name": (directory) => mkdir(join(directory, "a\u001b[31m", "b"), { recursive: true }),
  "C21: a name that is no UTF-8": (directory) => writeFile(Buffer.concat([Buffer.from(`${directory}/a`), Buffer.of(0xff, 0xfe)]), ""),
  "C21: a package whose name is a pattern": (directory) => writeFile(join(directory, "*.rpm"), ""),
  "C21: a package whose name is an option": (directory) => writeFile(join(directory, "--eval=x.rpm"), ""),
  "C21: a deep directory": (directory) => output(["mkdir", "-p", join(directory, ...Array.from({ length: 100 }, () => "d"))]),
  "C22: success": (directory) => writeFile(join(directory, "success"), "done"),
  "C22: a directory named success": (directory) => mkdir(join(directory, "success")),
  "C22: a link named success": (directory, secret) => symlink(secret, join(directory, "success")),
  "C22: results.json": (directory) => writeFile(join(directory, "results.json"), "{}"),
  "C22: build.info": (directory) => writeFile(join(directory, "build.info"), ""),
  "C22: the log of copr-backend": (directory) => writeFile(join(directory, "backend.log"), ""),
  "C22: the log of copr-backend, packed": (directory) => writeFile(join(directory, "builder-live.log.gz"), ""),
  "C22: the log of rsync": (directory) => writeFile(join(directory, "build-00000001.rsync.log"), ""),
  "C22: the backup of a build before": (directory) => mkdir(join(directory, "prev_build_backup")),
  "C22: an archive of configurations that is a link": (directory, secret) => symlink(secret, join(directory, "configs.tar.gz")),
};

describe("the sweep", () => {
  test.each(Object.entries(hostile))("%s is left out and told in one clean line", async (_name, make) => {
    const context = await prepare();
    await make(context.results, context.secret);
    await make(join(context.results, "fedora-review"), context.secret);
    expect((await left(context)).length).toBeGreaterThan(good.length + 1);
    await sweepResults(context);
    // Down to the depth that is allowed, a deep directory is one like any other.
    expect((await left(context)).filter((name) => !/^(fedora-review\/)?d(\/d)*$/.test(name))).toEqual(good);
    expect(await readFile(context.secret, "utf8")).toBe("secret");
    expect((await stat(context.secret)).mode & 0o777).toBe(0o600);
    expect(context.said).toHaveLength(2);
    for (const line of context.said) expect(line).toMatch(/^Leaving out ".*": [a-z ]+$/);
  });

  test("C21: what stays has no special permissions", async () => {
    const context = await prepare();
    await chmod(join(context.results, good[0] as string), 0o6755);
    await chmod(join(context.results, "fedora-review"), 0o3777);
    await sweepResults(context);
    const modes = await Promise.all(good.map(async (name) => ((await lstat(join(context.results, name))).mode & 0o7777).toString(8)));
    expect(modes).toEqual(["644", "755", "644"]);
  });

  test.skipIf(process.getuid?.() !== 0)("C21: a device is left out (needs root)", async ({ skip }) => {
    const context = await prepare();
    const device = join(context.results, "zero");
    await output(["mknod", device, "c", "1", "5"]).catch(() => skip("this machine lets nobody make devices"));
    await sweepResults(context);
    expect(await left(context)).toEqual(good);
  });

  test("C21: more files than a build may leave fail the task, and of a failed one nothing is left", async () => {
    const context = await prepare();
    await output(["sh", "-c", 'cd "$1" && seq 25000 | xargs touch', "sh", join(context.results, "fedora-review")]);
    await expect(sweepResults(context)).rejects.toThrow("The build left more than 20000 files");
    await sweepFailedResults(context);
    expect(await left(context)).toEqual([]);
    expect(context.said.at(-1)).toBe("Leaving out all results: The build left more than 20000 files");
  });

  test("C21: larger results than the builder publishes fail the task, sparse ones too", async () => {
    const context = await prepare(1024 ** 4);
    for (const [name, size] of [
      ["sparse", 1024 ** 4 - 100],
      ["more", 101],
    ] as const) {
      await sweepResults(context);
      await writeFile(join(context.results, name), "");
      await truncate(join(context.results, name), size);
    }
    await expect(sweepResults(context)).rejects.toThrow(
      "The results are larger than the 1024 GiB that this builder publishes (max_results_size)",
    );
    await sweepResults({ ...context, settings: { ...context.settings, maxResultsBytes: 0 } });
  });

  test("C31: paths longer than the system takes, and directories without permissions, are removed", async () => {
    const context = await prepare();
    const script =
      'import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(60):\n  os.mkdir("d" * 200)\n  os.chdir("d" * 200)\nos.mkfifo("x")';
    await output(["python3", "-c", script, context.results]);
    const readOnly = join(context.results, "cache");
    await mkdir(readOnly);
    await writeFile(join(readOnly, "file"), "");
    await chmod(readOnly, 0o555);
    await removeTree(context.results);
    expect(await exists(context.results)).toBe(false);
  });
});

/** Listens and ends: the file stays. */
async function socket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ path, exclusive: true }, resolve));
  onTestFinished(() => void server.close());
}

describe("publishing one file", () => {
  test.each<[string, (path: string, secret: string) => Promise<unknown>]>([
    ["C19, C20: a link", (path, secret) => symlink(secret, path)],
    ["C19: a hard link", (path, secret) => link(secret, path)],
    ["C19: a FIFO", (path) => output(["mkfifo", path])],
    ["C19: a directory", (path) => mkdir(path)],
  ])("%s is no result", async (_name, make) => {
    const context = await prepare();
    const made = join(context.workDirectory, "made.spec");
    await make(made, context.secret);
    await publishFile(made, context.results, "made.spec");
    expect(await left(context)).toEqual(good);
    expect((await stat(context.secret)).mode & 0o777).toBe(0o600);
  });

  test("C19, C22: a file is moved over what lies there, never through it, and not under a reserved name", async () => {
    const context = await prepare();
    for (const name of ["x.log", "success", "results.json", "a\nb", "build-12345678.rsync.log"]) {
      const made = join(context.workDirectory, "made");
      await writeFile(made, "made", { mode: 0o6777 });
      await symlink(context.secret, join(context.results, "x.log")).catch(() => undefined);
      await publishFile(made, context.results, name);
    }
    expect(await left(context)).toEqual([...good, "x.log"].sort());
    expect((await lstat(join(context.results, "x.log"))).mode).toBe(0o100644);
    expect([await readFile(join(context.results, "x.log"), "utf8"), await readFile(context.secret, "utf8")]).toEqual(["made", "secret"]);
  });
});

describe("C23: fedora-review", () => {
  /** What it does to the directory it names after the package. */
  const tool = '#!/bin/sh\nwhile [ "$1" != --name ]; do shift; done\nrm -rf -- "$2"\nmkdir -p -- "$2"\necho fine > "$2/review.txt"\n';

  async function review(packageName: string) {
    const context = await prepare();
    const programs = join(context.workDirectory, "programs");
    await mkdir(programs);
    await writeFile(join(programs, "fedora-review"), tool, { mode: 0o755 });
    const environment = { ...context.environment, PATH: `${programs}:${context.environment["PATH"]}` };
    const run: TestContext["run"] = (argv, options) =>
      context.run(argv, { ...options, variables: { ...options?.variables, PATH: environment.PATH } });
    await reviewPackages({ ...context, environment, run }, packageName, "/etc/mock/x.cfg");
    return context;
  }

  test("C23: findings of a package are published, and its packages stay", async () => {
    const context = await review("hello");
    expect(await readFile(join(context.results, "fedora-review", "review.txt"), "utf8")).toBe("fine\n");
    await sweepResults(context);
    expect(await left(context)).toEqual(good);
  });

  test.each(["..", ".", "../../x", "-x", "a/../..", "a\nb", ""])("C23: %j is no name of a directory to remove", async (name) => {
    const context = await review(name);
    expect([await left(context), await readFile(context.secret, "utf8")]).toEqual([good, "secret"]);
    expect(context.said.join("\n")).toMatch(/is not the name of a package/);
  });

  test("C23: it is for Fedora's chroots", () => {
    const task = { fedora_review: true, chroot: "fedora-43-x86_64" } as RpmTask;
    expect([wantsFedoraReview(task), wantsFedoraReview({ ...task, chroot: "epel-9-x86_64" })]).toEqual([true, false]);
  });
});

describe("a build on the host", () => {
  let host: BuilderHost;
  beforeAll(async () => {
    host = await startBuilderHost();
  });
  afterAll(() => host.close());

  const littering = [
    "results=%{_topdir}/../../../results",
    "echo done > $results/success",
    "ln -s /etc/passwd $results/passwd",
    "mkfifo $results/fifo",
    "mkdir $results/results.json",
    "echo kept > $results/more.log",
  ].join("\n");

  test("C21, C22: nothing hostile stays in the results, whether it fails or not", async () => {
    for (const end of ["true", "exit 1"]) {
      const repository = await makeRepository(host.directory, `litter-${end === "true"}`, {
        "litter.spec": specText("litter", `${littering}\n${end}`),
      });
      const { exitCode, stdout } = await host.runTask(rpmTask(repository));
      expect(exitCode, stdout).toBe(end === "true" ? 0 : 1);
      const packages = ["litter-1-1.noarch.rpm", "litter-1-1.src.rpm", "results.json", "success"];
      const expected = ["build.log", "litter.spec", "more.log", ...(exitCode === 0 ? packages : [])];
      expect((await readdir(join(host.stateDirectory, "results"))).sort()).toEqual(expected.sort());
      if (exitCode === 0) expect((await lstat(join(host.stateDirectory, "results", "results.json"))).isFile()).toBe(true);
    }
  });

  test("C21: the limit on size is one of the configuration", async () => {
    const repository = await makeRepository(host.directory, "large", {
      "large.spec": specText("large", "truncate -s 1T %{_topdir}/../../../results/disk.img"),
    });
    const { exitCode, stdout } = await host.runTask(rpmTask(repository));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /\nCopr build error: The results are larger than the 100 GiB that this builder publishes \(max_results_size\)\n$/,
    );
    expect(await readdir(join(host.stateDirectory, "results"))).toEqual([]);
    const handle = await open(join(host.directory, "main.ini"), "a");
    await handle.writeFile("max_results_size = 2048\n");
    await handle.close();
    expect((await host.runTask(rpmTask(repository))).exitCode).toBe(0);
  });
});
