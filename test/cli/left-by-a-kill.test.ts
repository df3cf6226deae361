import { mkdir, readdir, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { batchSurroundings } from "../support/batch-surroundings.ts";
import { specOf } from "../support/batch-specs.ts";
import { leaveDirectories } from "../support/left-directories.ts";
import { webServer } from "../support/web-server.ts";

const UPLOAD = "POST /api_3/build/create/upload";

/** What lies in the directories that killed ones have left. */
async function leftFiles(temporary: string): Promise<string[]> {
  return (await readdir(temporary, { recursive: true })).filter((name) => /\.(src\.rpm|spec)$/.test(name));
}

test("what killed commands leave in the temporary directory goes with the next one, and nothing else", async () => {
  let halted = true;
  const there = await batchSurroundings({
    files: { "one/one.spec": specOf({ name: "one" }), "two/two.spec": specOf({ name: "two" }) },
    fault: (name) => (name === UPLOAD && halted ? "silence" : undefined),
  });
  const slow = await webServer((response) => void response.writeHead(200, { "content-length": 1000 }).write("Name: x\n"));
  const words = [
    ["build", "prj", "one", "--nowait"],
    ["build-batch", "prj", "one", "two", "--yes", "--nowait"],
    ["build-batch", "prj", `${slow.url}/three.spec`, "--nowait"],
  ];
  for (const each of words) {
    const before = (await leftFiles(there.temporary)).length;
    const requests = (there.counts.get(UPLOAD) ?? 0) + slow.requests.length;
    const isThere = async (): Promise<void> => {
      while ((there.counts.get(UPLOAD) ?? 0) + slow.requests.length === requests) await sleep(5);
      while ((await leftFiles(there.temporary)).length === before) await sleep(5);
    };
    expect(await there.interrupted("SIGKILL", isThere(), ...each)).toMatchObject({ exitCode: null });
    // Each has taken away what the one before had left.
    expect(await readdir(there.temporary)).toEqual([expect.stringMatching(/^copr-work-/)]);
  }
  const { stay, end } = await leaveDirectories(there.temporary, "copr-work-");
  const [old, young] = ["copr-pipes-old", "copr-pipes-young"] as const;
  for (const name of [old, young]) await mkdir(join(there.temporary, name), { mode: 0o700 });
  await utimes(join(there.temporary, old), 1, 1);
  halted = false;
  expect(await there.run("build", "prj", "two", "--nowait")).toMatchObject({ exitCode: 0, stderr: "" });
  await end();
  expect((await readdir(there.temporary)).toSorted()).toEqual([young, ...stay].toSorted());
});

test("no other place of the client makes temporary directories", async () => {
  const source = fileURLToPath(new URL("../../src", import.meta.url));
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith(".ts") && !name.startsWith("builder/"));
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(join(source, name), "utf8")] as const));
  const makers = texts.filter(([, text]) => /\bmkdtemp/.test(text)).map(([name]) => name);
  // The pipes' lasts a moment, and can't import the other; what is left of it is swept as well.
  expect(makers.toSorted()).toEqual(["core/files/owned-directory.ts", "core/process/pipe.ts"]);
});
