import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exists } from "../../src/core/files/directories.ts";
import { diamond, nameOf, placed, batchSurroundings as surroundings } from "../support/batch-surroundings.ts";
import { specOf } from "../support/batch-specs.ts";
import type { Account } from "../sandbox/models.ts";
import type { Fault } from "../support/faulty-proxy.ts";
import { makePackageRepository } from "../support/mock-stand-in/package-repository.ts";
import { expectSchema } from "../support/schemas.ts";

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

  test("ends where the account is refused, and goes on with another token", async () => {
    const { world, run } = await surroundings({ files: diamond });
    const account = world.accounts.find(({ name }) => name === "demo") as Account;
    const { token } = account;
    // Base and left; right would be beside it.
    world.on("task", () => world.builds.length === 2 && (account.token = "another"));
    const words = ["build-batch", "prj", ...specs, "--yes", "--nowait"];
    const refused = await run(...words);
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^\nSomething went wrong:\nError: Login invalid\/expired\.[^\n]*\n$/),
    });
    expect(refused.stdout).toMatch(
      /Nothing more is submitted\. The same command with --resume goes on from here\.\n[^]*Created builds: 1 2\n$/,
    );
    account.token = token;
    expect(await run(...words, "--resume")).toMatchObject({ exitCode: 0 });
    expect(world.builds.map(nameOf)).toEqual(["base", "left", "right", "app"]);
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

describe("a batch that is gone on with", () => {
  test("in another manner is refused, and nothing is submitted: its builds are others", async () => {
    const { world, run } = await surroundings({ files: diamond });
    const words = ["build-batch", "prj", "base.spec", "app.spec", "--yes", "--nowait"];
    const begun = ["-r", "fedora-43-x86_64", "-r", "epel-*", "--bootstrap", "on"];
    const begunIn = ["fedora-43-x86_64", "epel-10-x86_64"];
    expect(await run(...words, ...begun)).toMatchObject({ exitCode: 0 });
    const hint = "Give the options of then, or leave out --resume to submit all of it anew.\n";
    const refusal = (differences: string) => ({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining(`This batch was begun in another manner, and can't be gone on with: ${differences}.\n${hint}`),
    });
    expect(await run(...words, "--resume", "-r", "epel-10-x86_64", "--bootstrap", "on")).toMatchObject(
      refusal("--chroot was epel-* fedora-43-x86_64 and is epel-10-x86_64"),
    );
    expect(
      await run(...words, "--resume", "--enable-net", "on", "--exclude-chroot", "x", "--isolation", "nspawn", "--dry-run"),
    ).toMatchObject(
      refusal(
        "--chroot was epel-* fedora-43-x86_64 and is not given; --exclude-chroot was not given and is x; " +
          "--enable-net was not given and is on; --isolation was not given and is nspawn; --bootstrap was on and is not given",
      ),
    );
    expect(world.builds).toHaveLength(2);
    // What says only how soon and how long, and in which order it was said, changes no build.
    const same = ["-r", "epel-*", "-r", "fedora-43-x86_64", "--bootstrap", "on", "--background", "--timeout", "9000"];
    expect(await run(...words, "--resume", ...same)).toMatchObject({ exitCode: 0 });
    expect(world.builds).toHaveLength(2);
    expect(await run(...words, "-r", "epel-10-x86_64")).toMatchObject({ exitCode: 0 });
    expect(world.builds.map(({ options }) => options.chroots)).toEqual([begunIn, begunIn, ["epel-10-x86_64"], ["epel-10-x86_64"]]);
    // That is the manner of it now.
    expect(await run(...words, "--resume", ...begun)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("begun in another manner"),
    });
    expect(world.builds).toHaveLength(4);
  });

  test("builds again what is for other chroots by now, but not the rest", async () => {
    const file = (chroot: string): string => `packages: [base.spec, {source: left.spec, chroots: [${chroot}]}]\n`;
    const { world, run, write } = await surroundings({ files: { ...diamond, "batch.yaml": file("epel-10-x86_64") } });
    const words = ["build-batch", "prj", "batch.yaml", "--yes", "--nowait", "--resume"];
    expect(await run(...words)).toMatchObject({ exitCode: 0 });
    await write({ "batch.yaml": file("fedora-43-x86_64") });
    expect(await run(...words)).toMatchObject({ exitCode: 0 });
    expect(world.builds.map((build) => [nameOf(build), build.options.chroots])).toEqual([
      ["base", null],
      ["left", ["epel-10-x86_64"]],
      ["left", ["fedora-43-x86_64"]],
    ]);
  });

  test("knows its packages by whatever names they have", async () => {
    const names = ["__proto__", "constructor", "hasOwnProperty", "prototype", "toString"];
    const files = Object.fromEntries(names.map((name) => [`${name}.spec`, specOf({ name })]));
    const { world, run } = await surroundings({ files });
    const words = ["build-batch", "prj", ...Object.keys(files), "--yes", "--nowait", "--resume"];
    for (let round = 1; round <= 2; round += 1) expect(await run(...words)).toMatchObject({ exitCode: 0, stderr: "" });
    // What a frontend calls an upload does not begin with dots and the like.
    expect(world.builds.map(nameOf)).toEqual(["proto__", ...names.slice(1)]);
  });
});

test("builds of a batch that nobody waits for are offered by completion", async () => {
  const { run, watched } = await surroundings({ files: diamond });
  expect(await watched("build-batch", "prj", ...specs, "--yes", "--nowait")).toMatchObject({ exit: 0 });
  expect((await run("__complete", "builds")).stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(["4", "3", "2", "1", ""]);
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

describe("packages that need one another", () => {
  const ring = {
    "one.spec": specOf({ name: "one", requires: ["two >= 1"] }),
    "two.spec": specOf({ name: "two", requires: ["pkgconfig(one)"] }),
    "three.spec": specOf({ name: "three", requires: ["one"], provides: ["pkgconfig(one)"] }),
  };
  const words = ["build-batch", "prj", "one.spec", "two.spec", "three.spec", "--dry-run"];

  test("begin with what the project has in every chroot; nobody knows that where its metadata can't be read", async () => {
    const { run, results } = await surroundings({ files: ring });
    const [fedora, epel] = ["fedora-43-x86_64", "epel-10-x86_64"].map((chroot) => join(results, "demo", "prj", chroot)) as [string, string];
    for (const place of [fedora, epel]) {
      await expect.poll(() => exists(join(place, "repodata", "repomd.xml")), { timeout: 100_000 }).toBe(true);
    }
    await makePackageRepository(fedora, ["two"]);
    expect(await run(...words)).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining("need one another") });
    expect(await run(...words, "-r", "fedora-*")).toMatchObject({ exitCode: 0 });
    await makePackageRepository(epel, ["other", "two"]);
    const planned = await run(...words);
    expect([planned.exitCode, planned.stderr]).toEqual([0, ""]);
    expect(planned.stdout).toBe(
      "Packages that need one another begin with what demo/prj has already.\n3 packages for demo/prj, in 3 waves:\n  1  one\n  2  three\n  3  two\n",
    );
    await rm(join(epel, "repodata"), { recursive: true });
    expect(await run(...words)).toMatchObject({
      exitCode: 2,
      stdout: expect.stringMatching(/^What the project has already is not known: The server answered 404 for .*repomd\.xml\.\n$/),
      stderr: expect.stringContaining("These packages need one another"),
    });
  });
});
