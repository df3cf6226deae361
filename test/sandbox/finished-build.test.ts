import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isFinished } from "./build-state.ts";
import { ask } from "./fixtures/api-client.ts";
import { shapeDifferences } from "./fixtures/shape.ts";
import { type Exchange, readTranscript, toBody } from "./fixtures/transcripts.ts";
import type { Account } from "./models.ts";
import { type Sandbox, startSandboxWithWorld } from "./sandbox.ts";
import type { World } from "./world.ts";

const chroot = "fedora-42-x86_64";
const project = "ownername=alice&projectname=proj1";

let root: string;
let sandbox: Sandbox;
let world: World;
let account: Account;

/** The recorded upload of the recorded project, really built, in one chroot as in most recordings. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sandbox-"));
  const builder = [process.execPath, join(import.meta.dirname, "fixtures", "fake-builder.mjs")];
  const chroots = { [chroot]: "", "fedora-43-x86_64": "", "fedora-rawhide-x86_64": "" };
  ({ sandbox, world } = await startSandboxWithWorld({ directory: join(root, "sandbox"), builder, username: "alice", chroots }));
  account = world.accounts[0] as Account;
  for (const name of ["create-basic", "modify", "edit-chroot", "edit-chroot-bootstrap-image", "edit-chroot-reset"]) await replay(name);
  for (const name of ["add-package-scm", "edit-package-scm", "build-wait-ok"]) await replay(name);
  await vi.waitUntil(() => isFinished(world.build(1)), { timeout: 80_000 });
});

afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

/** Sends the changing requests of a recording; the polls after them are not needed. */
async function replay(name: string): Promise<void> {
  for (const { request } of readTranscript(name).exchanges.filter((each) => each.request.method !== "GET")) {
    const { status } = await ask(sandbox.url, request.method, request.path, { account, ...toBody(request.body) });
    if (status !== 200) throw new Error(`${name}: ${status}`);
  }
}

function recorded(name: string, index: number): Exchange["response"] {
  return readTranscript(name).exchanges[index]?.response as Exchange["response"];
}

describe("answers about a finished build have the recorded fields and types", () => {
  test.each([
    ["watch-build-ok", 0, "/api_3/build/1"],
    ["build-chroot-list", 0, "/api_3/build-chroot/list?build_id=1"],
    ["built-packages", 0, "/api_3/build/built-packages/1"],
    ["build-chroot-config", 0, `/api_3/build-chroot/build-config?build_id=1&chrootname=${chroot}`],
    ["backend-task-fedora-42-x86_64", 0, `/backend/get-build-task/1-${chroot}`],
    ["backend-srpm-task-build-options", 0, "/backend/get-srpm-build-task/1"],
    ["get-package-all-builds", 0, `/api_3/package?${project}&packagename=hello&with_latest_build=True&with_latest_succeeded_build=True`],
    ["get-package-all-builds", 1, `/api_3/build/list?${project}&packagename=hello&status=succeeded`],
    ["list-packages-latest", 0, `/api_3/package/list?${project}&with_latest_build=True&limit=1000`],
  ])("%s %i", async (name, index, path) => {
    const { status, headers, body } = recorded(name, index);
    const answer = await ask(sandbox.url, "GET", path);
    expect(answer.status).toBe(status);
    expect(shapeDifferences(body?.json, answer.body)).toEqual([]);
    expect(answer.headers.get("copr-fe-be-api-version")).toBe(headers["copr-fe-be-api-version"] ?? null);
  });

  test("a difference would be seen", () => {
    const build = recorded("watch-build-ok", 0).body?.json as Record<string, unknown>;
    const { id: _id, ...withoutId } = build;
    const changed = { ...withoutId, chroots: [7], started_on: null, extra: 1 };
    expect(shapeDifferences(build, changed)).toEqual([
      "answer.chroots[0]: number instead of string",
      "answer.id: missing",
      "answer.started_on: null instead of number",
      "answer.extra: not in the recording",
    ]);
  });
});

test("values of a finished build", async () => {
  const results = `${sandbox.url}/results/alice/proj1`;
  const get = async (path: string) => (await ask(sandbox.url, "GET", path)).body;
  expect(await get("/api_3/build/source-chroot/1")).toEqual({
    state: "succeeded",
    result_url: `${results}/srpm-builds/00000001/`,
  });
  const row = { state: "succeeded", name: chroot, result_url: `${results}/${chroot}/00000001-hello/` };
  expect(await get(`/api_3/build-chroot?build_id=1&chrootname=${chroot}`)).toMatchObject(row);
  expect(await get(`/api_3/build-chroot/1/${chroot}/`)).toMatchObject(row);
  const url_build_log = `${results}/${chroot}/00000001-hello/builder-live.log.gz`;
  expect(await get(`/api_3/monitor?${project}&additional_fields[]=url_build_log`)).toMatchObject({
    packages: [
      {
        name: "hello",
        chroots: { [chroot]: { state: "succeeded", status: 1, build_id: 1, pkg_version: "2.8-1.fc42", url_build_log } },
      },
    ],
  });
});

test("what needs an unfinished build is refused", async () => {
  const cancel = await ask(sandbox.url, "PUT", "/api_3/build/cancel/1", { account });
  expect(cancel).toMatchObject({ status: 409, body: { error: "Cannot cancel build 1" } });
  const { request } = readTranscript("build-with-finished-batch").exchanges[0] as Exchange;
  const json = { ...(request.body?.json as object), after_build_id: "1" };
  const batch = await ask(sandbox.url, "POST", request.path, { account, json });
  const expected = JSON.stringify(recorded("build-with-finished-batch", 0).body?.json).replaceAll("Build 4", "Build 1");
  expect(batch).toMatchObject({ status: 400, body: JSON.parse(expected) as object });
});

test("the task of a chroot that the project has lost is JSON null", async () => {
  const json = { chroots: ["fedora-43-x86_64"] };
  await ask(sandbox.url, "PUT", "/api_3/project/edit/alice/proj1", { account, json });
  const task = await ask(sandbox.url, "GET", `/backend/get-build-task/1-${chroot}`);
  expect(task).toMatchObject({ status: 200, body: null });
});

test("a finished build can be deleted", async () => {
  const json = { builds: [1] };
  const deleted = await ask(sandbox.url, "DELETE", "/api_3/build/delete/list", { account, json });
  expect(deleted).toMatchObject({ status: 200, body: { builds: [1] } });
  expect((await ask(sandbox.url, "GET", "/api_3/build/1")).status).toBe(404);
});
