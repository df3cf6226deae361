import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BuildStart } from "../../src/builder/buildroot/build-start.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const setUp = "2026-11-22 08:28:24,440 - Start: build setup for x-1.src.rpm\n";
const begun = "2026-11-22 08:28:28,941 - Start: rpmbuild x-1.src.rpm\n";

/** What is passed on, with a mark where the build was said to begin. */
async function told(output: string, step: number, stateLogAt: (at: number) => string | undefined): Promise<string> {
  const stateLog = join(await temporaryDirectory(), "state.log");
  const said: string[] = [];
  const start = new BuildStart(stateLog, async () => void said.push("<building>"));
  const bytes = Buffer.from(output);
  const passOn = (some: Buffer): void => void said.push(some.toString("latin1"));
  for (let at = 0; at < bytes.length; at += step) {
    const text = stateLogAt(at);
    if (text !== undefined) await writeFile(stateLog, text);
    start.push(bytes.subarray(at, at + step), passOn);
  }
  start.end(passOn);
  await start.entered;
  return said.join("");
}

test("the build begins before mock's line of it, wherever the output is cut, and once", async () => {
  const output = "Start: rpmbuild -bs\nFinish: build setup\nStart: rpmbuild x-1.src.rpm\n+ make\nStart: rpmbuild x-1.src.rpm\n";
  const expected = output.replace("setup\nStart", "setup\n<building>Start");
  const line = output.indexOf("Start: rpmbuild x");
  for (const step of [1, 2, 5, 16, 17, 40, 1000]) {
    // mock writes to its own log first.
    const logAt = (at: number): string | undefined =>
      at === 0 && at + step <= line ? setUp : at + step > line && at <= line ? setUp + begun : undefined;
    expect(await told(output, step, logAt)).toBe(expected);
  }
});

test("what only the output says is not believed; what only mock's log says is told at the end", async () => {
  const lie = "Start: rpmbuild x-1.src.rpm\n".repeat(3);
  expect(await told(lie, 7, () => setUp)).toBe(lie);
  expect(await told(lie, 1000, () => undefined)).toBe(lie);
  expect(await told("nothing\n", 3, () => `${setUp}${begun}`)).toBe("nothing\n<building>");
});
