import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { newBuildChroot } from "../sandbox/build-state.ts";
import type { Build, State } from "../sandbox/models.ts";
import { startSandboxWithWorld } from "../sandbox/sandbox.ts";
import { specOf } from "../support/batch-specs.ts";
import { type Fault, faultyProxy } from "../support/faulty-proxy.ts";
import { bin, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const fastTimers = fileURLToPath(new URL("../goldens/preload/fast-timers.cjs", import.meta.url));
const chroots = ["fedora-43-x86_64", "epel-10-x86_64"];

interface Surroundings {
  files: Readonly<Record<string, string>>;
  /** Ends a build as soon as it was made; without it they stay pending. */
  end?: (name: string, nth: number) => State | Record<string, State> | undefined;
  fault?: (path: string, nth: number) => Fault | undefined;
}

/** A frontend behind a proxy, a project, a directory with files, and copr-cli in it. */
async function surroundings({ files, end, fault = () => undefined }: Surroundings) {
  const root = await temporaryDirectory();
  const { sandbox, world } = await startSandboxWithWorld({ directory: join(root, "s"), builder: bin.builder, dispatch: false });
  onTestFinished(() => sandbox.close());
  const counts = new Map<string, number>();
  const count = (name: string): number => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts.get(name) as number;
  };
  const proxy = await faultyProxy(sandbox.url, ({ method, url }) => {
    const name = `${method} ${url.split("?", 1)[0]}`;
    return fault(name, count(name));
  });
  await writeFile(join(root, "config"), sandbox.configText.replace(sandbox.url, proxy.url), { mode: 0o600 });
  const work = join(root, "work");
  await mkdir(work);
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(more)) await writeFile(join(work, name), text);
  };
  await write(files);
  const env = {
    HOME: root,
    XDG_STATE_HOME: join(root, "state"),
    NODE_OPTIONS: `--require="${fastTimers}"`,
    GOLDEN_SLEEP_LOG: join(root, "sleeps"),
  };
  const run = (...words: string[]) => runProgram([...bin.cli, "--config", join(root, "config"), ...words], { cwd: work, env });
  expect(await run("create", "prj", ...chroots.flatMap((name) => ["--chroot", name]))).toMatchObject({ exitCode: 0 });
  if (end) {
    world.on("task", () => {
      // After the answer: the build is not whole yet.
      setImmediate(() => {
        for (const build of world.builds.filter(({ source_state }) => source_state === "pending")) {
          const states = end(nameOf(build), count(nameOf(build)));
          if (states !== undefined) finish(build, states);
        }
      });
    });
  }
  const journals = join(root, "state", "copr", "batches");
  return { world, run, write, counts, journals };
}

function finish(build: Build, states: State | Record<string, State>): void {
  build.source_state = "succeeded";
  const names = build.chroots.length > 0 ? build.chroots.map(({ name }) => name) : chroots;
  build.chroots = names.map((name) => ({
    ...newBuildChroot(name),
    state: typeof states === "string" ? states : (states[name] ?? "succeeded"),
  }));
}

const nameOf = ({ source }: Build): string => String(source.dict["pkg"]).replace(".spec", "");
/** Each build as name, number of its batch, and number of the one that it waits for. */
const placed = (builds: readonly Build[]) =>
  builds.map((build) => [nameOf(build), build.options.batch?.id, build.options.batch?.after?.id]);

const diamond = {
  "app.spec": specOf({ name: "app", requires: ["left-devel >= 1", "pkgconfig(right)"] }),
  "left.spec": specOf({ name: "left", requires: ["base-devel"], packages: { devel: [] } }),
  "right.spec": specOf({ name: "right", requires: ["base-devel"], packages: { devel: [] } }),
  "base.spec": specOf({ name: "base", packages: { devel: [] } }),
};
const specs = Object.keys(diamond);

describe("a diamond", () => {
  test("becomes three waves, which are batches of the frontend, and is done once", async () => {
    const { world, run, journals } = await surroundings({ files: diamond });
    const planned = await run("build-batch", "prj", "--dry-run", "--json", ...specs);
    expectSchema("copr-cli-build-batch.json", planned.stdout);
    expect(JSON.parse(planned.stdout)).toEqual({
      packages: [
        { name: "base", wave: 1, source: "base.spec", needs: [], build: null },
        { name: "left", wave: 2, source: "left.spec", needs: ["base"], build: null },
        { name: "right", wave: 2, source: "right.spec", needs: ["base"], build: null },
        { name: "app", wave: 3, source: "app.spec", needs: ["left", "right"], build: null },
      ],
    });
    expect(await run("build-batch", "prj", ...specs, "--nowait")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Give --yes"),
    });
    expect(world.builds).toEqual([]);

    const done = await run("build-batch", "prj", ...specs, "--yes", "--nowait");
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    expect(done.stdout).toMatch(/^4 packages for demo\/prj, in 3 waves:\n {2}1 {2}base\n {2}2 {2}left, right\n {2}3 {2}app\n/);
    expect(done.stdout).toMatch(/\nCreated builds: 1 2 3 4\n$/);
    expect(placed(world.builds)).toEqual([
      ["base", 1, undefined],
      ["left", 2, 1],
      ["right", 2, 1],
      ["app", 3, 2],
    ]);
    const [journal = ""] = (await readdir(journals)).filter((name) => name.endsWith(".json"));
    expect([(await stat(journals)).mode & 0o777, (await stat(join(journals, journal))).mode & 0o777]).toEqual([0o700, 0o600]);

    const again = await run("build-batch", "prj", ...specs, "--resume", "--yes", "--nowait", "--json");
    expectSchema("copr-cli-build-batch.json", again.stdout);
    expect((JSON.parse(again.stdout) as { builds: { id: number }[] }).builds.map(({ id }) => id)).toEqual([4, 3, 2, 1].toReversed());
    expect(world.builds).toHaveLength(4);
  });

  test("whose builds end at once, and so their batches, gets new ones", async () => {
    const { world, run } = await surroundings({ files: diamond, end: () => "succeeded" });
    const { exitCode, stdout } = await run("build-batch", "prj", ...specs, "--yes", "--output-format", "jsonl");
    expect(exitCode).toBe(0);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; name?: string; wave?: number });
    for (const line of stdout.trimEnd().split("\n")) expectSchema("copr-cli-build-batch.jsonl", line);
    const order = events.filter(({ event }) => event === "created").map(({ name, wave }) => [name, wave]);
    expect(order).toEqual([
      ["base", 1],
      ["left", 2],
      ["right", 2],
      ["app", 3],
    ]);
    expect(events.filter(({ event }) => event === "finished")).toHaveLength(4);
    expect(world.builds.map(nameOf)).toEqual(["base", "left", "right", "app"]);
  });

  test("with --stop-on-failure waits for each wave, and goes on when what failed is mended", async () => {
    const { world, run, write } = await surroundings({
      files: diamond,
      end: (name, nth) => (name === "left" && nth === 1 ? "failed" : "succeeded"),
    });
    const words = ["build-batch", "prj", ...specs, "--yes", "--stop-on-failure", "--poll-interval", "1"];
    expect(await run(...words)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/Build\(s\) 2 failed. The waves after it were not submitted.\n.*--resume/),
    });
    expect(world.builds.map(nameOf)).toEqual(["base", "left", "right"]);
    await write({ "left.spec": `${diamond["left.spec"]}# mended\n` });
    expect(await run(...words, "--resume")).toMatchObject({ exitCode: 0 });
    expect(world.builds.map(nameOf)).toEqual(["base", "left", "right", "left", "app"]);
  });

  test("with --retry builds what failed again, where it failed", async () => {
    const { world, run } = await surroundings({
      files: diamond,
      end: (name, nth) => (name === "right" && nth < 3 ? { "epel-10-x86_64": "failed" } : "succeeded"),
    });
    const words = ["build-batch", "prj", ...specs, "--yes", "--poll-interval", "1", "--json"];
    const { exitCode, stdout, stderr } = await run(...words, "--retry", "2");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect((JSON.parse(stdout) as { builds: unknown[] }).builds).toHaveLength(6);
    expect(world.builds.filter((build) => nameOf(build) === "right").map(({ options }) => options.chroots)).toEqual([
      null,
      ["epel-10-x86_64"],
      ["epel-10-x86_64"],
    ]);
  });

  test("is sent once through connections that break and a server that has too much to do", async () => {
    const faults: Record<number, Fault> = {
      1: "after",
      2: { status: 429, headers: { "retry-after": "1" } },
      3: "middle",
      4: "before",
      6: { status: 502, body: "<html>" },
    };
    const { world, run, counts } = await surroundings({
      files: diamond,
      fault: (name, nth) => (name === "POST /api_3/build/create/upload" ? faults[nth] : undefined),
    });
    const { exitCode, stdout } = await run("build-batch", "prj", ...specs, "--yes", "--nowait");
    expect([exitCode, stdout.match(/Created builds: .*/)?.[0]]).toEqual([0, "Created builds: 1 2 3 4"]);
    expect(placed(world.builds)).toEqual([
      ["base", 1, undefined],
      ["left", 2, 1],
      ["right", 2, 1],
      ["app", 3, 2],
    ]);
    expect(counts.get("POST /api_3/build/create/upload")).toBe(7);
  });
});

describe("a file that names the batch", () => {
  const pair = {
    "one.spec": specOf({ name: "one", requires: ["two"] }),
    "two.spec": specOf({ name: "two", requires: ["one"] }),
  };

  test("gives an order where the packages have none", async () => {
    const file =
      "packages:\n  # the first one is built with what the distribution has\n  - {source: one.spec, after: [], chroots: [epel-10-x86_64]}\n  - two.spec\n";
    const { world, run } = await surroundings({ files: { ...pair, "batch.yaml": file } });
    expect(await run("build-batch", "prj", "--yes", "--nowait", "one.spec", "two.spec")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /no order for them: (one needs two \(two\), which needs one \(one\)|two needs one .*)\.\n.*'after: \[\]'/,
      ),
    });
    expect(await run("build-batch", "prj", "--yes", "--nowait", "batch.yaml")).toMatchObject({ exitCode: 0 });
    expect(placed(world.builds)).toEqual([
      ["one", 1, undefined],
      ["two", 2, 1],
    ]);
    expect(world.builds[0]?.options.chroots).toEqual(["epel-10-x86_64"]);
  });
});
