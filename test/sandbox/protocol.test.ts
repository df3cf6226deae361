import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, basicAuth } from "./fixtures/api-client.ts";
import type { Account } from "./models.ts";
import { readMultipart } from "./multipart.ts";
import { configText } from "./api-page.ts";
import { GUEST, type Sandbox, startSandboxWithWorld } from "./sandbox.ts";
import type { World } from "./world.ts";

let root: string;
let sandbox: Sandbox;
let world: World;
let account: Account;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sandbox-"));
  ({ sandbox, world } = await startSandboxWithWorld({ directory: root, builder: [], dispatch: false }));
  account = world.accounts[0] as Account;
  const json = { name: "first", chroots: ["fedora-43-x86_64"] };
  await ask(sandbox.url, "POST", "/api_3/project/add/demo", { account, json });
});

afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

test("the configuration text of each account logs in", async () => {
  const guest = world.accounts.find(({ name }) => name === GUEST) as Account;
  expect(sandbox.configText).toBe(configText(sandbox.url, account));
  for (const { text, name } of [
    { text: sandbox.configText, name: "demo" },
    { text: configText(sandbox.url, guest), name: GUEST },
  ]) {
    const values = Object.fromEntries([...text.matchAll(/^(\w+) = (.*)$/gm)].map(([, key, value]) => [key, value]));
    const { login, token, copr_url: url, username, encrypted } = values as Record<string, string>;
    expect([url, username, encrypted]).toEqual([sandbox.url, name, "no"]);
    const own = { ...guest, login: String(login), token: String(token) };
    expect(await ask(sandbox.url, "GET", "/api_3/auth-check/", { account: own })).toMatchObject({ status: 200, body: { name } });
  }
});

test("a new token replaces the old one at once", async () => {
  const guest = world.accounts.find(({ name }) => name === GUEST) as Account;
  const old = { ...guest };
  const { body } = await ask(sandbox.url, "POST", "/api_3/api-token", { account: old });
  const { api_login: login, api_token: token } = body as Record<string, string>;
  expect((await ask(sandbox.url, "GET", "/api_3/auth-check", { account: old })).status).toBe(401);
  const renewed = { ...guest, login: String(login), token: String(token) };
  expect((await ask(sandbox.url, "GET", "/api_3/auth-check", { account: renewed })).status).toBe(200);
});

test("uploads without a length are refused", async () => {
  const status = await new Promise((resolve, reject) => {
    const headers = { Authorization: basicAuth(account), "Transfer-Encoding": "chunked" };
    const url = `${sandbox.url}/api_3/build/create/upload`;
    const request = httpRequest(url, { method: "POST", headers }, (answer) => resolve(answer.statusCode));
    request.on("error", reject).end("something");
  });
  expect(status).toBe(411);
});

test("an uploaded file is stored byte by byte and its request is on record", async () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
  const form = new FormData();
  form.append("pkgs", new Blob([content]), "odd name.src.rpm");
  form.append("json", new Blob([JSON.stringify({ ownername: "demo", projectname: "first" })]), "json");
  const { body } = await ask(sandbox.url, "POST", "/api_3/build/create/upload", { account, form });
  const { url } = (body as { source_package: { url: string } }).source_package;
  const stored = Buffer.from(await (await fetch(url)).arrayBuffer());
  expect(stored.equals(content)).toBe(true);
  const record = sandbox.requests.findLast(({ method }) => method === "POST");
  expect(record?.path).toBe("/api_3/build/create/upload");
  expect(record?.bodyBytes).toBe(Number(record?.headers["content-length"]));
});

test.each([1, 2, 3, 7, 64])("multipart bodies are read in chunks of %i bytes", async (size) => {
  const content = "first line\r\n--edg\r\n-almost\r\n";
  const bytes = Buffer.from(`${part("a", content)}${part("b", "")}${part("c", "end")}--edge--\r\n`);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  const parts: [string, string][] = [];
  for await (const { name, content: body } of readMultipart(Readable.from(chunks), "multipart/form-data; boundary=edge")) {
    const read: Buffer[] = [];
    // The second part is left unread, which must not disturb the third.
    if (name !== "b") for await (const chunk of body) read.push(chunk);
    parts.push([name, Buffer.concat(read).toString()]);
  }
  expect(parts).toEqual([
    ["a", content],
    ["b", ""],
    ["c", "end"],
  ]);
});

test("multipart bodies that end too early are errors", async () => {
  const body = Readable.from([Buffer.from('--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\nhalf')]);
  await expect(async () => {
    for await (const { content } of readMultipart(body, "multipart/form-data; boundary=edge")) for await (const _ of content);
  }).rejects.toThrow("ends too early");
});

test.each([
  ["bytes=2-4", 206, "234", "bytes 2-4/10"],
  ["bytes=7-", 206, "789", "bytes 7-9/10"],
  ["bytes=-2", 206, "89", "bytes 8-9/10"],
  ["bytes=8-99", 206, "89", "bytes 8-9/10"],
  ["bytes=10-", 416, "Range Not Satisfiable", "bytes */10"],
  ["lines=1-2", 200, "0123456789", null],
])("range %s", async (range, status, body, contentRange) => {
  await mkdir(join(sandbox.resultsDirectory, "demo"), { recursive: true });
  await writeFile(join(sandbox.resultsDirectory, "demo", "file.log"), "0123456789");
  const answer = await fetch(`${sandbox.url}/results/demo/file.log`, { headers: { Range: range } });
  expect([answer.status, await answer.text(), answer.headers.get("content-range")]).toEqual([status, body, contentRange]);
});

test("files outside the tree are not served", async () => {
  await writeFile(join(root, "secret"), "secret");
  for (const path of ["/results/..%2fsecret", "/results/%2e%2e/secret", "/tmp/..%2Fsecret"]) {
    expect((await fetch(sandbox.url + path)).status).toBe(404);
  }
});

test("deprecated methods work and warn", async () => {
  const path = "/api_3/project/edit/demo/first";
  const json = { description: "new" };
  const old = await ask(sandbox.url, "POST", path, { account, json });
  expect(old).toMatchObject({ status: 200, body: { description: "new" } });
  expect(old.headers.get("warning")).toBe("This method is deprecated: Use PUT method instead of POST");
  expect((await ask(sandbox.url, "PUT", path, { account, json })).headers.has("warning")).toBe(false);
});

test("lists come in pages", async () => {
  for (const name of ["b", "a"]) {
    await ask(sandbox.url, "POST", "/api_3/project/add/demo", { account, json: { name, chroots: ["fedora-43-x86_64"] } });
  }
  const names = async (query: string) => {
    const { body } = await ask(sandbox.url, "GET", `/api_3/project/list?ownername=demo&${query}`);
    return (body as { items: { name: string }[] }).items.map(({ name }) => name);
  };
  expect(await names("limit=2")).toEqual(["first", "b"]);
  expect(await names("limit=2&offset=2")).toEqual(["a"]);
  expect(await names("order=name&order_type=DESC")).toEqual(["first", "b", "a"]);
  expect((await ask(sandbox.url, "GET", "/api_3/project/list?limit=x")).status).toBe(500);
});

test("a build without a result directory has no source chroot yet", async () => {
  const json = { ownername: "demo", projectname: "first", pkgs: ["http://localhost/x.src.rpm"] };
  const { body } = await ask(sandbox.url, "POST", "/api_3/build/create/url", { account, json });
  const [build] = (body as { items: { id: number }[] }).items;
  expect((await ask(sandbox.url, "GET", `/api_3/build/source-chroot/${build?.id}`)).status).toBe(500);
  const { body: jobs } = await ask(sandbox.url, "GET", "/backend/pending-jobs/");
  expect(jobs).toContainEqual({
    task_id: String(build?.id),
    build_id: build?.id,
    project_owner: "demo",
    sandbox: "demo/first--demo",
    background: false,
    chroot: null,
  });
});

test("routes that no recording shows", async () => {
  const first = { ownername: "demo", projectname: "first" };
  const get = async (path: string) => (await ask(sandbox.url, "GET", `/api_3${path}`)).body;
  for (const [who, can_build_in] of [
    ["demo", true],
    [GUEST, false],
  ] as const) {
    expect(await get(`/project/permissions/can_build_in/${who}/demo/first`)).toEqual({ ...first, who, can_build_in });
  }
  expect(await get("/project/search?query=irs")).toMatchObject({ items: [{ full_name: "demo/first" }] });
  expect(await get("/project/search")).toEqual({ error: "Missing argument query" });

  const json = { ...first, pkgs: ["http://localhost/y.spec"], chroots: ["fedora-43-*"] };
  const { body } = await ask(sandbox.url, "POST", "/api_3/build/create/url", { account, json });
  const [build] = (body as { items: { id: number; chroots: string[] }[] }).items;
  expect(build?.chroots).toEqual(["fedora-43-x86_64"]);
  const chroot = `build_id=${build?.id}&chrootname=fedora-43-x86_64`;
  expect(await get(`/build-chroot?${chroot}`)).toMatchObject({ state: "waiting", result_url: null });
  expect(await get(`/build-chroot/built-packages?${chroot}`)).toEqual({ packages: [] });

  const path = `/api_3/build/delete/${build?.id}`;
  const text = `User 'demo' can not delete build ${build?.id}`;
  expect(await ask(sandbox.url, "DELETE", path, { account })).toMatchObject({ status: 500, body: { error: text } });
  await ask(sandbox.url, "PUT", `/api_3/build/cancel/${build?.id}`, { account });
  expect(await ask(sandbox.url, "DELETE", path, { account })).toMatchObject({ status: 200, body: { state: "canceled" } });
  expect(await get(`/build/${build?.id}`)).toEqual({ error: `Build ${build?.id} does not exist.` });
});

function part(name: string, text: string): string {
  return `--edge\r\nContent-Disposition: form-data; name="${name}"; filename="f"\r\n\r\n${text}\r\n`;
}
