import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { repository } from "../../../scripts/docs/generated-files.ts";
import { cacheFileOf, codeCacheDirectory, moduleScript } from "../../../src/core/process/code-cache.ts";
import { output, runProgram } from "../../support/program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const dist = join(repository, "dist");

test("every chunk of the programs has compiled code that this Node takes", async () => {
  const chunks = (await readdir(dist)).filter((name) => /-[\w-]{8}\.cjs$/.test(name));
  expect(chunks.length).toBeGreaterThan(50);
  for (const chunk of chunks) {
    const cachedData = await readFile(join(dist, codeCacheDirectory, cacheFileOf(chunk)));
    const source = await readFile(join(dist, chunk), "utf8");
    expect(moduleScript(join(dist, chunk), source, cachedData).cachedDataRejected, chunk).toBe(false);
  }
});

describe("a module with compiled code", () => {
  const name = "broken-Ab3_xY-9.cjs";
  let directory: string;
  let cache: string;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    cache = join(directory, codeCacheDirectory, cacheFileOf(name));
    await writeFile(join(directory, "code-cache.cjs"), await readFile(join(dist, "code-cache.cjs")));
  });

  const write = (source: string): Promise<void> => writeFile(join(directory, name), source);
  const compile = (): Promise<string> => output([process.execPath, join(repository, "scripts/code-cache.js"), directory]);
  const load = (...flags: string[]): ReturnType<typeof runProgram> =>
    runProgram([
      process.execPath,
      ...flags,
      "--eval",
      "require(process.argv[1]).useCodeCache(); console.log(require(process.argv[2]))",
      join(directory, "code-cache.cjs"),
      join(directory, name),
    ]);

  test("does what it does without: also its stack traces", async () => {
    await write('exports.dir = __dirname; function late() { throw new Error(__filename + require("./broken-Ab3_xY-9.cjs").dir); } late();');
    const plain = await load();
    expect(plain.stderr).toMatch(/Error: .*broken-Ab3_xY-9\.cjs.*\n +at late \(.*broken-Ab3_xY-9\.cjs:1:50\)/);
    await compile();
    // To tell that it is used: V8 knows a source by its length.
    const ours = ({ stderr }: { stderr: string }): string[] =>
      stderr.split("\n").filter((line) => !/^ +at .*\(?(?:node:|.*code-cache\.cjs)/.test(line));
    expect(ours(await load())).toEqual(ours(plain));
    await write((await readFile(join(directory, name), "utf8")).replace("new Error", "new Wrong"));
    expect((await load()).stderr).toContain("\nError: ");
  });

  test("is compiled where the code is of another Node, of other flags, or cut off", async () => {
    const source = "module.exports = [1, 2, 3].map((one) => one * 2)";
    await write(source);
    await compile();
    const whole = await readFile(cache);
    const expected = "[ 2, 4, 6 ]\n";
    expect(await load()).toMatchObject({ exitCode: 0, stdout: expected });
    expect(await load("--no-opt")).toMatchObject({ exitCode: 0, stdout: expected, stderr: "" });
    for (const bytes of [
      whole.subarray(0, 40),
      whole.subarray(0, -8),
      Buffer.alloc(0),
      Buffer.from("no code"),
      Buffer.alloc(whole.length),
    ]) {
      await writeFile(cache, bytes);
      expect(await load()).toMatchObject({ exitCode: 0, stdout: expected, stderr: "" });
    }
    await rename(join(directory, codeCacheDirectory), join(directory, "code-cache", "v1.2.3-x64"));
    expect(await load()).toMatchObject({ exitCode: 0, stdout: expected, stderr: "" });
  });

  test("elsewhere is not looked for: only what lies beside the programs", async () => {
    await write("module.exports = 1");
    await compile();
    const other = join(directory, "elsewhere");
    await mkdir(other);
    await writeFile(join(other, name), "module.exports = 2");
    const words = "require(process.argv[1]).useCodeCache(); console.log(require(process.argv[2]), Boolean(process.argv[3]))";
    const argv = [process.execPath, "--eval", words, join(directory, "code-cache.cjs"), join(other, name)];
    expect(await output(argv)).toBe("2 false\n");
  });
});

test("a build leaves no compiled code for entries, whose names do not change with what is in them", async () => {
  const names = await readdir(join(dist, codeCacheDirectory));
  expect(names).not.toContain(cacheFileOf("copr-cli.cjs"));
  expect(createRequire(import.meta.url)(join(dist, "code-cache.cjs"))).toHaveProperty("useCodeCache");
});
