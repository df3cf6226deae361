import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { buildUpload, buildUrls } from "../../src/core/api/index.ts";
import { submitOnce } from "../../src/core/builds/submit-once.ts";
import { createClient } from "../../src/core/client.ts";
import { startSandboxWithWorld } from "../sandbox/sandbox.ts";
import { type Fault, faultyProxy } from "../support/faulty-proxy.ts";
import { bin } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** A frontend with a project, whose builds stay pending, behind a proxy that breaks or turns away what `fault` says. */
async function frontend(fault: (name: string, nth: number) => Fault | undefined) {
  const directory = await temporaryDirectory();
  const { sandbox, world } = await startSandboxWithWorld({ directory: join(directory, "s"), builder: bin.builder, dispatch: false });
  onTestFinished(() => sandbox.close());
  const counts = new Map<string, number>();
  const proxy = await faultyProxy(sandbox.url, ({ method, url }) => {
    const name = `${method} ${url.split("?", 1)[0]}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return fault(name, counts.get(name) as number);
  });
  const config = sandbox.configText.replace(sandbox.url, proxy.url);
  expect(await runCli({ argv: ["create", "prj", "--chroot", "fedora-43-x86_64"], config })).toMatchObject({ exit: 0 });
  const [account] = world.accounts;
  const client = createClient({ url: proxy.url, login: account?.login ?? "", token: account?.token ?? "" });
  onTestFinished(() => client.close());
  return { world, config, counts, client, directory };
}

const project = { ownername: "demo", projectname: "prj" };
const files = {
  "hello-1^2-1.src.rpm": "no package, but nobody looks",
  "größe of it-1-1.src.rpm": "nor this",
  "script.sh": "#!/bin/sh\r\necho hello\r\n",
};
const repos = "https://a.example.org/ https://b.example.org/";
// Of which the frontend makes the one that it is.
const latest = ["--script-chroot", "fedora-latest-x86_64"];
const commands: readonly [words: string[], route: string][] = [
  [["build", "prj", "hello-1^2-1.src.rpm", "größe of it-1-1.src.rpm"], "upload"],
  [["build", "prj", "https://example.org/hello-1-1.src.rpm"], "url"],
  [["buildscm", "prj", "--clone-url", "https://example.org/x.git", "--commit", "main"], "scm"],
  [["buildcustom", "prj", "--script", "script.sh", "--script-repos", repos, "--script-builddeps", "git  curl", ...latest], "custom"],
  [["build-distgit", "prj", "--name", "hello", "--commit", "main"], "distgit"],
  [["buildpypi", "prj", "--packagename", "requests"], "pypi"],
  [["buildgem", "prj", "--gem", "rails"], "rubygems"],
];

describe("a connection that breaks when a build is submitted", () => {
  test.each<[Fault, number]>([
    ["before", 2],
    ["after", 1],
    ["middle", 1],
  ])("%s the frontend did it", async (fault, sent) => {
    const { config, world, counts } = await frontend((name, nth) =>
      name.startsWith("POST /api_3/build/create/") && nth === 1 ? fault : undefined,
    );
    for (const [words, route] of commands) {
      const before = world.builds.length;
      const { exit, stdout, stderr } = await runCli({ argv: [...words, "--nowait"], config, files });
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      const ids = world.builds.slice(before).map(({ id }) => id);
      expect(ids).toHaveLength(route === "upload" ? 2 : 1);
      expect(stdout).toContain(`Created builds: ${ids.join(" ")}\n`);
      expect([route, counts.get(`POST /api_3/build/create/${route}`)]).toEqual([route, sent + ids.length - 1]);
    }
  });

  test("is not taken for one of the same source for other chroots", async () => {
    const { config, world, client } = await frontend((name, nth) =>
      name.endsWith("/create/url") && nth > 1 && nth % 2 === 0 ? "before" : undefined,
    );
    expect((await runCli({ argv: ["modify", "prj", "--chroot", "fedora-43-x86_64", "--chroot", "epel-10-x86_64"], config })).exit).toBe(0);
    const url = "https://example.org/hello-1-1.src.rpm";
    const [first] = await buildUrls(client, [url], { ...project, chroots: ["fedora-43-*"] });
    for (const chosen of [{ chroots: ["epel-*"] }, { chroots: ["*-x86_64"], exclude_chroots: ["fedora-43-x86_64"] }]) {
      const sent = { project, source: { type: "link", url } as const, chroots: chosen.chroots, submitter: async () => "demo" };
      const others = new Set(world.builds.map(({ id }) => id).filter((id) => id !== first?.id));
      const send = async () => (await buildUrls(client, [url], { ...project, ...chosen }))[0] as never;
      await submitOnce(client, { ...sent, excludedChroots: chosen.exclude_chroots, others }, send, { waitsMs: [] });
    }
    expect(world.builds.map(({ chroots }) => chroots.map(({ name }) => name))).toEqual([
      ["fedora-43-x86_64"],
      ["epel-10-x86_64"],
      ["epel-10-x86_64"],
    ]);
  });

  test("while somebody submits the same: nothing is sent again, and both are named", async () => {
    const { world, client } = await frontend((name, nth) => (name.endsWith("/create/url") && nth === 1 ? "after" : undefined));
    const url = "https://example.org/hello-1-1.src.rpm";
    const send = async () => {
      const sending = buildUrls(client, [url], project);
      await sending.catch(() => buildUrls(client, [url], project));
      return (await sending)[0] as never;
    };
    const failure = submitOnce(client, { project, source: { type: "link", url }, submitter: async () => "demo", newestBefore: 0 }, send);
    await expect(failure).rejects.toMatchObject({
      message: expect.stringMatching(/each of the builds 1, 2 could be/),
      hint: expect.stringContaining("get-build 1"),
    });
    expect(world.builds).toHaveLength(2);
  });

  test("whose frontend is then gone: the error says that it may have been submitted", async () => {
    let isGone = false;
    const { config, world } = await frontend((name) => {
      isGone ||= name.endsWith("/create/url");
      return isGone ? (name.endsWith("/create/url") ? "after" : "before") : undefined;
    });
    const run = await runCli({ argv: ["build", "prj", "https://example.org/hello-1-1.src.rpm"], config });
    expect(run).toMatchObject({ exit: 1, stderr: expect.stringMatching(/Unable to connect[^]*may have been submitted nevertheless/) });
    expect(world.builds).toHaveLength(1);
  });
});

test("a project that shall be there is, and is one, and a token that may be void is called so", async () => {
  const { config, world } = await frontend((name, nth) => {
    if (name === "POST /api_3/project/add/demo") return ([undefined, "after", undefined, "before"] as const)[nth - 1];
    return name === "POST /api_3/api-token" ? "after" : undefined;
  });
  for (const name of ["one", "two"]) {
    const made = await runCli({ argv: ["create", name, "--chroot", "fedora-43-x86_64", "--exist-ok"], config });
    expect(made).toEqual({ exit: 0, stdout: expect.stringContaining("New project was successfully created"), stderr: "" });
    expect(world.findProject("demo", name)).toBeDefined();
  }
  expect(await runCli({ argv: ["new-api-token"], config })).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(/Unable to connect.*\nThe old API token may be void by now: .*copr-cli login/),
  });
});

describe("a server that has too much to do", () => {
  test("when somebody logs in is asked again", async () => {
    const { config, counts } = await frontend((name, nth) =>
      name.endsWith("/auth-check") && nth === 1 ? { status: 429, headers: { "retry-after": "1" } } : undefined,
    );
    expect(await runCli({ argv: ["login", "--with-token"], stdin: config })).toMatchObject({ exit: 0, stderr: "" });
    expect(counts.get("GET /api_3/auth-check")).toBe(2);
  });

  test("in the middle of a hundred actions: all are done, none twice, uploads are sent whole", async () => {
    const away: Record<number, Fault> = {
      7: { status: 429, headers: { "retry-after": "1" } },
      40: { status: 503, headers: { "retry-after": "1" } },
      41: { status: 429, headers: { "retry-after": new Date(Date.now() + 1000).toUTCString() } },
      90: { status: 429 },
      103: { status: 503, headers: { "retry-after": "0" }, body: "<html>" },
    };
    let posts = 0;
    const { world, client, directory } = await frontend((name) =>
      name.startsWith("POST /api_3/build/create/") ? away[(posts += 1)] : undefined,
    );
    const path = join(directory, "big-1-1.src.rpm");
    await writeFile(path, Buffer.alloc(300_000, "x"));
    for (let at = 0; at < 100; at += 1) {
      if (at === 6 || at === 99) await buildUpload(client, path, project);
      else await buildUrls(client, [`https://example.org/p${at}-1-1.src.rpm`], project);
    }
    const sources = world.builds.map(({ source }) => String(source.dict["pkg"] ?? source.dict["url"]));
    expect(sources).toHaveLength(100);
    expect(new Set(sources).size).toBe(99);
    expect(posts).toBe(105);
  });

  test("without a time is believed when it says 503, and an interruption ends the wait", async () => {
    const { client, world } = await frontend((name) => {
      if (name.endsWith("/create/url")) return { status: 503 };
      return name.endsWith("/create/rubygems") ? { status: 429, headers: { "retry-after": "60" } } : undefined;
    });
    await expect(buildUrls(client, ["https://example.org/a.src.rpm"], project)).rejects.toMatchObject({ status: 503 });
    const end = new AbortController();
    const call = client.call({ method: "POST", path: ["build", "create", "rubygems"], json: {}, auth: true, signal: end.signal });
    setTimeout(() => end.abort(new Error("enough")), 300);
    await expect(call).rejects.toThrow(/enough|aborted/);
    expect(world.builds).toEqual([]);
  });
});

test.each<[Fault, number]>([
  ["before", 2],
  ["after", 1],
  ["middle", 1],
  [{ status: 502, body: "<html>" }, 2],
  [{ status: 504, body: "<html>", isForwarded: true }, 1],
])("builds that are made again are made once, whatever breaks: %j", async (fault, sent) => {
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
