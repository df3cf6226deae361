import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { bin, type Outcome, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Whole seconds, so that nothing is rounded. */
const now = (): number => Math.floor(Date.now() / 1000);
let directory: string;
let file: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  file = join(directory, "expiration");
  await writeFile(join(directory, "main.ini"), `[main]\nexpiration_file = ${file}\n`);
  await mkdir(join(directory, ".ssh"));
  await writeFile(join(directory, ".ssh/authorized_keys"), "");
});

const builder = (...words: string[]): Promise<Outcome> =>
  runProgram([...bin.builder, ...words, "--config", join(directory, "main.ini"), "--state-dir", directory], {
    env: { HOME: directory, TZ: "UTC" },
  });
const date = (seconds: number): string => new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 19);
const remaining = async (): Promise<string> => (await builder("show")).stdout.split("\n")[0] ?? "";

test("show: every kind of remaining time, and the process", async () => {
  expect(await builder("show")).toMatchObject({
    exitCode: 0,
    stdout: "Remaining time for the machine: unknown\nCurrent copr-rpmbuild PID: None\n",
  });
  await writeFile(file, "0");
  await writeFile(join(directory, "pid"), "123");
  expect((await builder("show")).stdout).toBe("Remaining time for the machine: expired\nCurrent copr-rpmbuild PID: 123\n");
  await writeFile(file, String(now() + 86_400 + 2 * 3600 + 5 * 60));
  expect(await remaining()).toMatch(/^Remaining time for the machine: 1 days, 2 hours, 4 minutes, \d+ seconds$/);
  await utimes(join(directory, ".ssh/authorized_keys"), 1_700_000_000, 1_700_000_000);
  expect(await remaining()).toBe(`Remaining time for the machine: ${date(1_700_000_000 + 3 * 86_400)}`);
});

describe("prolong", () => {
  test("adds hours, up to the limit", async () => {
    const start = now() + 3600;
    await writeFile(file, String(start));
    expect(await builder("prolong", "--hours", "2")).toEqual({ exitCode: 0, stdout: `Prolonged to ${date(start + 7200)}\n`, stderr: "" });
    expect(await readFile(file, "utf8")).toBe(`${start + 7200}.0`);
    const tooLong = await builder("prolong", "--hours", "100");
    expect(tooLong.exitCode).toBe(1);
    expect(tooLong.stdout).toMatch(
      /^You wanted to prolong the builder until \d{4}-\d\d-\d\d \d\d:\d\d\nbut the limit is \d{4}-\d\d-\d\d \d\d:\d\d\n$/,
    );
    expect(await readFile(file, "utf8")).toBe(`${start + 7200}.0`);
  });

  test("keeps fractions, as Python writes them", async () => {
    const start = now() + 0.25;
    await writeFile(file, String(start));
    expect((await builder("prolong", "--hours", "1")).stdout).toBe(`Prolonged to ${date(start + 3600)}.250000\n`);
    expect(await readFile(file, "utf8")).toBe(String(start + 3600));
  });

  test("where there is nothing to prolong", async () => {
    const { exitCode, stdout } = await builder("prolong", "--hours", "1");
    expect([exitCode, stdout.split("\n").slice(0, 2)]).toEqual([
      1,
      ["Cannot find the builder expiration.", `The file ${file} probably doesn't exist.`],
    ]);
    await rm(join(directory, ".ssh"), { recursive: true });
    expect((await builder("prolong")).exitCode).toBe(2);
    expect((await builder("prolong", "--hours", "x")).exitCode).toBe(2);
  });
});

test("release", async () => {
  expect(await builder("release")).toEqual({ exitCode: 0, stdout: "Releasing this VM, it will be shut-down soon\n", stderr: "" });
  expect(await readFile(file, "utf8")).toBe("0");
});

test("help: the guide, and the help of a command", async () => {
  const guide = await runProgram([...bin.builder, "help"]);
  expect(guide.exitCode).toBe(0);
  for (const command of ["prolong --hours", "release", "copr-rpmbuild --verbose"]) expect(guide.stdout).toContain(command);
  expect((await runProgram([...bin.builder, "help", "prolong"])).stdout).toMatch(/^Usage: copr-builder prolong/);
  expect((await runProgram([...bin.builder, "help", "nothing"])).exitCode).toBe(2);
  expect(await runProgram([...bin.builder])).toMatchObject({ exitCode: 0, stderr: "" });
});
