import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { batchSurroundings, diamond, nameOf, placed } from "../support/batch-surroundings.ts";
import { specOf } from "../support/batch-specs.ts";
import { output } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";
import { webServer } from "../support/web-server.ts";

const specs = Object.keys(diamond);
const UPLOAD = "POST /api_3/build/create/upload";

/** What is waited for until somebody opens it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** A diamond, the third upload of which is done, but never answered. */
async function halted() {
  const sent = gate();
  const there = await batchSurroundings({
    files: diamond,
    fault: (name, nth) => {
      if (name !== UPLOAD || nth !== 3) return undefined;
      sent.open();
      return "silence";
    },
  });
  const arrived = sent.opened.then(async () => {
    while (there.world.builds.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  return { ...there, arrived };
}

async function expectResumed({ run, world, leftovers }: Awaited<ReturnType<typeof halted>>): Promise<void> {
  expect(await run("build-batch", "prj", ...specs, "--yes", "--nowait", "--resume")).toMatchObject({ exitCode: 0, stderr: "" });
  expect(placed(world.builds)).toEqual([
    ["base", 1, undefined],
    ["left", 2, 1],
    ["right", 2, 1],
    ["app", 3, 2],
  ]);
  expect(await leftovers()).toEqual([]);
}

describe("a batch that is interrupted while it is submitted", () => {
  test("by Ctrl-C tells what is there, and goes on without submitting twice", async () => {
    const there = await halted();
    const told = await there.interrupted("SIGINT", there.arrived, "build-batch", "prj", ...specs, "--yes", "--nowait");
    expect(told.exitCode).toBe(1);
    expect(told.stdout).toMatch(/\nCreated builds: 1 2\n$/);
    expect(told.stderr).toBe(
      "\nInterrupted by user.\n2 of 4 packages are submitted. The same command with --resume goes on from here, and finds out whether 'right' was submitted.\n",
    );
    expect(await there.leftovers()).toEqual([]);
    await expectResumed(there);
  });

  test("by SIGTERM does, too, and ends as by a signal", async () => {
    const there = await halted();
    const words = ["build-batch", "prj", ...specs, "--yes", "--nowait", "--output-format", "jsonl"];
    const told = await there.interrupted("SIGTERM", there.arrived, ...words);
    expect(told.exitCode).toBe(143);
    const events = told.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.flatMap(({ event, build }) => (event === "created" ? [build] : []))).toEqual([1, 2]);
    expectSchema("error", told.stderr);
    expect(JSON.parse(told.stderr)).toMatchObject({ error: { kind: "interrupted", hint: expect.stringContaining("--resume") } });
    await expectResumed(there);
  });

  test("while it waits for a wave does not begin the next one", async () => {
    const waiting = gate();
    const there = await batchSurroundings({
      files: diamond,
      fault: (name) => void (/^GET \/api_3\/build\/\d/.test(name) && waiting.open()),
    });
    const words = ["build-batch", "prj", ...specs, "--yes", "--stop-on-failure", "--poll-interval", "1"];
    const told = await there.interrupted("SIGINT", waiting.opened, ...words);
    expect([told.exitCode, told.stderr]).toEqual([1, expect.stringMatching(/^\nInterrupted by user\.\n1 of 4 packages .*--resume/)]);
    expect(there.world.builds.map(nameOf)).toEqual(["base"]);
  });
});

test("two of one batch at the same time: the second is turned away, and a dry run is not", async () => {
  const there = await halted();
  const words = ["build-batch", "prj", ...specs, "--yes", "--nowait"];
  const done = gate();
  const first = there.interrupted("SIGINT", done.opened, ...words);
  await there.arrived;
  for (const order of [words, ["build-batch", "prj", ...specs.toReversed(), "--yes", "--resume"]]) {
    expect(await there.run(...order)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/Another copr-cli is submitting.*\n.*--resume/),
    });
  }
  const { stdout, exitCode } = await there.run("build-batch", "prj", ...specs, "--resume", "--dry-run");
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("base (build 1)\n  2  left (build 2), right\n")]);
  done.open();
  expect(await first).toMatchObject({ exitCode: 1 });
  await expectResumed(there);
});

test("journals of old batches go, but not one that is in use, nor what is none", async () => {
  const there = await batchSurroundings({ files: diamond });
  expect(await there.run("build-batch", "prj", "base.spec", "--nowait")).toMatchObject({ exitCode: 0 });
  const [own = "", lock = ""] = (await readdir(there.journals)).toSorted();
  expect(lock).toBe(`${own}.lock`);
  const text = await readFile(join(there.journals, own), "utf8");
  const day = 24 * 3600;
  const put = async (letter: string, ending: string, ageDays: number, content = text): Promise<string> => {
    const name = `${letter.repeat(32)}${ending}`;
    await writeFile(join(there.journals, name), content);
    await utimes(join(there.journals, name), Date.now() / 1000 - ageDays * day, Date.now() / 1000 - ageDays * day);
    return name;
  };
  const unfinished = text.replace('"isFinished":true', '"isFinished":false');
  expect(unfinished).not.toBe(text);
  await put("a", ".json", 2);
  await put("a", ".json.lock", 2);
  await put("b", ".json", 31, unfinished);
  await put("c", ".json.lock", 31);
  await put("d", ".json.0123456789ab.tmp", 31);
  const stay = [
    await put("1", ".json", 2, unfinished),
    await put("2", ".json", 31),
    await put("2", ".json.lock", 31),
    await put("e", ".txt", 99),
  ];
  const holder = spawn("flock", [join(there.journals, stay[2] as string), "sh", "-c", "echo held; exec cat"]);
  await once(holder.stdout, "data");
  expect(await there.run("build-batch", "prj", "base.spec", "--nowait")).toMatchObject({ exitCode: 0 });
  holder.stdin.end();
  expect((await readdir(there.journals)).toSorted()).toEqual([own, lock, ...stay].toSorted());
});

test("checkouts and addresses are items as files are, and built again when what they are made of has changed", async () => {
  const served = await webServer((response, { url }) => {
    const content = url === "/specs/base.spec" ? diamond["base.spec"] : undefined;
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  const right = specOf({ name: "right", requires: ["base-devel"], packages: { devel: [] }, head: ["Patch0: right-%{version}.patch"] });
  const there = await batchSurroundings({
    files: {
      "app.spec": diamond["app.spec"],
      "left/left.spec": diamond["left.spec"],
      "left/README": "The left side.\n",
      "empty/README": "Nothing.\n",
      "sources/rpm/right.spec": right,
      "sources/rpm/right-1.0.patch": "--- a\n",
    },
  });
  const git = (...words: string[]) =>
    output(["git", "-C", join(there.work, "left"), "-c", "user.name=a", "-c", "user.email=a@b", ...words]);
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "first");
  const items = [`${served.url}/specs/base.spec`, "app.spec", "left", "./sources"];
  const words = ["build-batch", "prj", ...items, "--yes", "--nowait"];
  expect(await there.run(...words)).toMatchObject({ exitCode: 0, stderr: "" });
  const first = [
    ["base", 1, undefined],
    ["left", 2, 1],
    ["right", 2, 1],
    ["app", 3, 2],
  ];
  expect(placed(there.world.builds)).toEqual(first);
  expect(there.world.builds.map(({ source: { type, dict } }) => [type, dict["pkg"] ?? dict["url"]])).toEqual([
    ["link", `${served.url}/specs/base.spec`],
    ["upload", "left-1.0-1.src.rpm"],
    ["upload", "right-1.0-1.src.rpm"],
    ["upload", "app.spec"],
  ]);
  // What is fetched or written into a checkout is no change of it.
  await there.write({ "left/nohup.out": "x\n", "sources/rpm/notes": "x\n" });
  expect(await there.run(...words, "--resume")).toMatchObject({ exitCode: 0 });
  expect(there.world.builds).toHaveLength(4);
  await there.write({ "sources/rpm/right-1.0.patch": "--- b\n", "left/README": "Left.\n" });
  await git("commit", "--quiet", "--all", "--message", "second");
  expect(await there.run(...words, "--resume")).toMatchObject({ exitCode: 0 });
  expect(there.world.builds.map(nameOf)).toEqual(["base", "left", "right", "app", "left", "right"]);
  expect(await there.leftovers()).toEqual([]);

  for (const [item, exitCode, sentence] of [
    [`${served.url}/specs/none.spec`, 1, "404"],
    ["http://[", 2, "no address"],
    ["https://127.0.0.1:1/hello.tar.gz", 3, "neither a source package"],
    ["empty", 3, "no spec file"],
    ["nowhere", 3, "no such file"],
  ] as const) {
    const told = await there.run("build-batch", "prj", item, "--yes", "--nowait");
    expect([item, told.exitCode, told.stderr]).toEqual([item, exitCode, expect.stringContaining(sentence)]);
  }
  expect(await there.leftovers()).toEqual([]);
});

test("--after-build-id makes the first wave wait for the batch of a build, if that is not over", async () => {
  const { run, world } = await batchSurroundings({ files: diamond, end: (name) => (name === "over" ? "succeeded" : undefined) });
  for (const name of ["before", "over"]) {
    expect(await run("build", "prj", `https://example.org/${name}-1-1.src.rpm`, "--nowait")).toMatchObject({ exitCode: 0 });
  }
  const words = (id: string) => ["build-batch", "prj", "base.spec", "left.spec", "--yes", "--nowait", "--after-build-id", id];
  expect(await run(...words("1"))).toMatchObject({ exitCode: 0 });
  expect(placed(world.builds)).toEqual([
    ["before", 1, undefined],
    ["over", undefined, undefined],
    ["base", 2, 1],
    ["left", 3, 2],
  ]);
  expect(await run(...words("2"))).toMatchObject({ exitCode: 0 });
  expect(placed(world.builds.slice(4))).toEqual([
    ["base", 4, undefined],
    ["left", 5, 4],
  ]);
  expect(await run(...words("99"))).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("99") });
  expect(await run(...words("x"))).toMatchObject({ exitCode: 2 });
  expect(world.builds).toHaveLength(6);
});
