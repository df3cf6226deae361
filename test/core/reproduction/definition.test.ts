import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTransport, type Transport } from "../../../src/core/http/transport.ts";
import { findDefinition } from "../../../src/core/reproduction/definition.ts";
import { parseBuildTask } from "../../../src/core/task/build-task.ts";

// What a real frontend was recorded to give builders, against what is made of its recorded API.

let server: Server;
let url: string;
let transport: Transport;
/** What is served, by path and query. */
const pages = new Map<string, Buffer | string>();
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const page = pages.get(request.url ?? "");
    const file = request.url?.endsWith("/") ? "text/html" : "application/octet-stream";
    const type = /^\/api_3|^\/backend/.test(request.url ?? "") ? "application/json" : file;
    response.writeHead(page === undefined ? 404 : 200, { "content-type": type }).end(page ?? '{"error": "not here"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  transport = createTransport({ coprUrl: url, userAgent: "test" });
});
afterAll(async () => {
  await transport.close();
  server.close();
});
beforeEach(() => {
  pages.clear();
  asked.length = 0;
});

/** The answer of a recorded call, with our server for all three. */
function recorded(name: string): Record<string, unknown> {
  const text = readFileSync(new URL(`../../fixtures/transcripts/${name}.json`, import.meta.url), "utf8");
  const { exchanges } = JSON.parse(text.replaceAll(/\{(URL|RESULTS|DISTGIT)\}/g, url)) as {
    exchanges: { response: { body: { json: Record<string, unknown> } } }[];
  };
  return exchanges[0]?.response.body.json as Record<string, unknown>;
}

interface Served {
  id: number;
  chroots: string[];
  projectChroots?: string[];
  packageName?: string | null;
  version?: string | null;
  srpm?: string | null;
}

const serve = (path: string, value: unknown): void => void pages.set(path, JSON.stringify(value));

/** What the API says of a build and its project besides. */
function serveBuild({ id, chroots, projectChroots = chroots, packageName = null, version = null, srpm = null }: Served): void {
  const project = { ownername: "alice", projectname: "proj1" };
  serve(`/api_3/build/${id}`, {
    id,
    ...project,
    project_dirname: "proj1",
    state: "failed",
    chroots,
    source_package: { name: packageName, version, url: srpm },
  });
  const directory = (chroot: string): string => `${url}/results/alice/proj1/${chroot}/00000004-hello/`;
  serve(`/api_3/build-chroot/list?build_id=${id}`, {
    items: chroots.map((name) => ({ name, state: "failed", result_url: directory(name) })),
  });
  serve(`/api_3/build/source-chroot/${id}`, { state: "succeeded", result_url: `${url}/results/alice/proj1/srpm-builds/0000000${id}` });
  serve("/api_3/project?ownername=alice&projectname=proj1", {
    name: "proj1",
    ownername: "alice",
    isolation: "unchanged",
    chroot_repos: Object.fromEntries(projectChroots.map((name) => [name, directory(name)])),
  });
}

const CHROOT = "fedora-42-x86_64";
const GIT = "/git/alice/proj1/hello/info/refs?service=git-upload-pack";
const LOG = `/results/alice/proj1/${CHROOT}/00000004-hello/builder-live.log.gz`;

/** The head of a log as upstream's builder writes it; the build says the same of something else. */
function upstreamLog({ git_repo, git_hash }: Record<string, unknown>): Buffer {
  const head = `\nVersion: 1.8\nTask:\n{'allow_user_ssh': False,\n 'git_hash': '${git_hash}',\n 'git_repo': '${git_repo}',\n 'repos': []}\n`;
  return gzipSync(`${head}\nRunning: git clone x\n'git_repo': 'https://evil.example.org/',\n'git_hash': '${"0".repeat(40)}',\n`);
}

function servePackages(): Record<string, unknown> {
  const original = recorded("backend-task-fedora-42-x86_64");
  serveBuild({ id: 4, chroots: [CHROOT], packageName: "hello", version: original["package_version"] as string });
  serve(`/api_3/build-chroot/build-config?build_id=4&chrootname=${CHROOT}`, recorded("build-chroot-config"));
  serve(`/api_3/project-chroot/build-config?ownername=alice&projectname=proj1&chrootname=${CHROOT}`, recorded("mock-config"));
  return original;
}

test("of packages: the frontend's own is taken as it is", async () => {
  const original = servePackages();
  serve(`/backend/get-build-task/4-${CHROOT}`, original);
  pages.set(GIT, "");
  const found = await findDefinition(transport, { buildId: 4 });
  expect(found).toMatchObject({
    origin: "backend",
    url: `${url}/backend/get-build-task/4-${CHROOT}`,
    wire: original,
    srpmUrl: null,
    notes: [],
  });
});

test("of packages: what the API and the log of upstream's builder tell is the same", async () => {
  const original = servePackages();
  pages.set(LOG, upstreamLog(original));
  pages.set(GIT, "");
  const found = await findDefinition(transport, { buildId: 4, chroot: CHROOT });
  const { repos, ...rest } = parseBuildTask(JSON.stringify(original)) as unknown as { repos: object[] };
  expect(found).toMatchObject({ origin: "api", url: null, srpmUrl: null, task: rest });
  // Null stands for what the frontend leaves out.
  const plain = (all: object[]): unknown =>
    all.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null && value !== undefined)));
  expect(plain((found.task as unknown as { repos: object[] }).repos)).toEqual(plain(repos));
  expect(found.notes).toHaveLength(1);
});

test("of packages: a source package stands in for a dist-git that is out of reach, or that nothing tells", async () => {
  const original = servePackages();
  const srpm = `/results/alice/proj1/${CHROOT}/00000004-hello/hello-2.8-1.fc42.src.rpm`;
  pages.set(LOG.replace(/[^/]*$/, ""), `<a href="../">up</a><a href="hello-2.8-1.fc42.src.rpm">x</a>`);
  serve(`/backend/get-build-task/4-${CHROOT}`, original);
  expect(await findDefinition(transport, { buildId: 4 })).toMatchObject({ origin: "backend", url: null, srpmUrl: `${url}${srpm}` });
  pages.delete(`/backend/get-build-task/4-${CHROOT}`);
  expect(await findDefinition(transport, { buildId: 4 })).toMatchObject({ origin: "api", url: null, srpmUrl: `${url}${srpm}` });
  pages.delete(LOG.replace(/[^/]*$/, ""));
  await expect(findDefinition(transport, { buildId: 4 })).rejects.toThrow("Nothing tells what build 4 was made of");
});

test("of packages that have no commit yet there is none", async () => {
  const original = servePackages();
  serve(`/backend/get-build-task/4-${CHROOT}`, { ...original, git_hash: null });
  pages.set(GIT, "");
  await expect(findDefinition(transport, { buildId: 4 })).rejects.toThrow("Build 4 has nothing to build in fedora-42-x86_64 yet");
});

test.each([
  "build-distgit-nowait",
  "build-options",
  "build-url-nowait",
  "buildcustom-nowait",
  "buildgem-nowait",
  "buildpypi-nowait",
  "buildscm-nowait",
])("of a source package, %s: what the API tells is the same", async (name) => {
  const original = recorded(`backend-srpm-task-${name}`);
  const id = original["build_id"] as number;
  const withArchitecture = (key: string): string[] => (original[key] as string[]).map((one) => `${one}-x86_64`);
  serveBuild({
    id,
    chroots: withArchitecture("distributions_in_build"),
    projectChroots: withArchitecture("distributions_in_project"),
    packageName: original["package_name"] as string | null,
  });
  serve(`/api_3/build/source-build-config/${id}`, recorded(`source-build-config-${name}`));
  const found = await findDefinition(transport, { buildId: id, chroot: "srpm-builds" });
  expect(found).toMatchObject({ origin: "api", url: null });
  expect(found.task).toEqual(parseBuildTask(JSON.stringify(original)));
});

test("of an upload that is gone: what was made of it", async () => {
  const original = recorded("backend-srpm-task-build-srpm-nowait");
  const srpm = `${url}/results/alice/proj1/srpm-builds/00000004/hello-2.8-1.src.rpm`;
  serveBuild({ id: 4, chroots: [CHROOT], srpm });
  serve("/backend/get-srpm-build-task/4", original);
  const found = await findDefinition(transport, { buildId: 4, chroot: "srpm-builds" });
  expect(found).toMatchObject({ origin: "backend", url: null, task: { source: { type: "link", url: srpm } } });
});

test("a frontend in trouble is asked for its API all the same, and a web page is no definition", async () => {
  servePackages();
  pages.set(`/backend/get-build-task/4-${CHROOT}`, "<html>Are you a robot?</html>");
  pages.set(LOG, upstreamLog(recorded("backend-task-fedora-42-x86_64")));
  pages.set(GIT, "");
  expect((await findDefinition(transport, { buildId: 4 })).notes).toEqual([
    "The frontend's own definition is not to be had (the frontend answers something else): it is made of what the API tells.",
  ]);
  expect(asked.filter((path) => path.startsWith("/backend"))).toHaveLength(1);
});
