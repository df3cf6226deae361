import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSandboxWithWorld } from "../sandbox/sandbox.ts";
import { type Fault, faultyProxy } from "../support/faulty-proxy.ts";
import { bin } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** A frontend with a project, whose builds stay pending, behind a proxy. */
async function frontend(fault: (path: string, nth: number) => Fault | undefined) {
  const { sandbox, world } = await startSandboxWithWorld({
    directory: join(await temporaryDirectory(), "s"),
    builder: bin.builder,
    dispatch: false,
  });
  onTestFinished(() => sandbox.close());
  const counts = new Map<string, number>();
  const proxy = await faultyProxy(sandbox.url, ({ method, url }) => {
    const name = `${method} ${url.split("?", 1)[0]}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return fault(name, counts.get(name) as number);
  });
  const config = sandbox.configText.replace(sandbox.url, proxy.url);
  const made = await runCli({ argv: ["create", "prj", "--chroot", "fedora-43-x86_64"], config });
  expect(made).toMatchObject({ exit: 0 });
  return { sandbox, world, config, counts };
}

const srpm = { "hello-1-1.src.rpm": "no package, but nobody looks", "other-1-1.src.rpm": "nor this" };
const commands: [words: string[], route: string][] = [
  [["build", "prj", "hello-1-1.src.rpm", "other-1-1.src.rpm"], "POST /api_3/build/create/upload"],
  [["build", "prj", "https://example.org/hello-1-1.src.rpm"], "POST /api_3/build/create/url"],
  [["buildscm", "prj", "--clone-url", "https://example.org/x.git", "--commit", "main"], "POST /api_3/build/create/scm"],
  [["buildcustom", "prj", "--script", "script.sh"], "POST /api_3/build/create/custom"],
];

describe.each(commands)("%j", (words, route) => {
  test.each<[Fault, number]>([
    ["before", 2],
    ["after", 1],
    ["middle", 1],
  ])("a connection that breaks %s the work", async (fault, sent) => {
    const { config, world, counts } = await frontend((name, nth) => (name === route && nth === 1 ? fault : undefined));
    const files = { ...srpm, "script.sh": "#!/bin/sh\r\necho hello\r\n" };
    const { exit, stdout, stderr } = await runCli({ argv: [...words, "--nowait"], config, files });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    const packages = words.includes("hello-1-1.src.rpm") ? 2 : 1;
    const ids = world.builds.map(({ id }) => id);
    expect(ids).toHaveLength(packages);
    expect(stdout).toContain(`Created builds: ${ids.join(" ")}\n`);
    expect(counts.get(route)).toBe(sent + packages - 1);
  });
});

test.each<[Fault, number]>([
  ["before", 2],
  ["after", 1],
  ["middle", 1],
])("builds that are made again, by a connection that breaks %s the work", async (fault, sent) => {
  const route = "POST /api_3/build/create/url";
  const broken = [3, 3 + sent];
  const { config, world, counts } = await frontend((name, nth) => (name === route && broken.includes(nth) ? fault : undefined));
  // Two of the same source: the one must not be taken for the other.
  for (let one = 0; one < 2; one += 1) {
    const made = await runCli({ argv: ["build", "prj", "https://example.org/hello-1-1.src.rpm", "--nowait"], config });
    expect(made).toMatchObject({ exit: 0 });
  }
  const { exit, stdout, stderr } = await runCli({ argv: ["rebuild", "1", "2", "--yes", "--nowait"], config });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(world.builds.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect(stdout).toContain("Created builds: 3 4\n");
  expect(counts.get(route)).toBe(2 + sent * 2);
});
