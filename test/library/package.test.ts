import { readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exchange } from "../support/recorded-server.ts";
import { output, runProgram } from "../support/program.ts";
import { type WebServer, webServer } from "../support/web-server.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const examples = join(repository, "examples", "library");
const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
const npmSettings = {
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_update_notifier: "false",
  npm_config_offline: "true",
};

/** A project of somebody else, with our package installed from the archive that would be published. */
let consumer: string;
let installed: string;

beforeAll(async () => {
  consumer = await realpath(await mkdtemp(join(tmpdir(), "copr-consumer-")));
  installed = join(consumer, "node_modules", "copr-tools");
  const env = npmSettings;
  // The package was built when the tests started.
  const packed = await output(["npm", "pack", "--ignore-scripts", "--json", "--pack-destination", consumer], { cwd: repository, env });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  await writeFile(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await output(["npm", "install", `./${filename}`], { cwd: consumer, env });
});

afterAll(() => rm(consumer, { recursive: true, force: true }));

test("the package needs no other one", async () => {
  await output(["npm", "ls", "--all"], { cwd: consumer, env: npmSettings });
  const names = await readdir(join(consumer, "node_modules"));
  expect(names.filter((name) => !name.startsWith("."))).toEqual(["copr-tools"]);
});

test("publint has no complaint", async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("its programs run", async () => {
  for (const program of ["copr-cli", "copr"]) {
    expect(await output([join(consumer, "node_modules", ".bin", program), "--version"])).toMatch(/^copr version \d/);
  }
  expect(await output([join(consumer, "node_modules", ".bin", "copr-builder"), "--help"])).toContain("copr-builder");
});

describe("plain JavaScript", () => {
  test("builds a package and fetches the results", async () => {
    const rpm = "hello-2.8-1.fc42.noarch.rpm";
    const server = await frontend(
      [...recording("build-wait-ok").filter(isFinished), ...recording("download-build-rpms")],
      `<a href="../">..</a> <a href="${rpm}">${rpm}</a> <a href="build.log.gz">build.log.gz</a>`,
    );
    await copyFile(join(examples, "build-and-fetch.js"), join(consumer, "build-and-fetch.js"));
    await writeFile(join(consumer, "hello.spec"), "Name: hello\n");
    await mkdir(join(consumer, ".config"), { recursive: true });
    await writeFile(
      join(consumer, ".config", "copr"),
      `[copr-cli]\nusername = alice\nlogin = L\ntoken = T\ncopr_url = ${server.url}\nencrypted = no\n`,
    );

    const run = [process.execPath, "build-and-fetch.js", "alice/proj1", "hello.spec"];
    const result = await runProgram(run, { cwd: consumer, env: { HOME: consumer } });

    expect(result).toEqual({ exitCode: 0, stdout: "build 19: succeeded\nfetched: results/fedora-42-x86_64\n", stderr: "" });
    expect(await readFile(join(consumer, "results", "fedora-42-x86_64", rpm), "utf8")).toBe(`content of ${rpm}`);
    const [upload] = server.requests;
    expect(upload?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from("L:T").toString("base64")}`,
      "user-agent": expect.stringMatching(/^copr copr-tools\//),
    });
    expect(upload?.body.toString()).toContain('{"ownername":"alice","projectname":"proj1"}');

    const failed = await runProgram([process.execPath, "build-and-fetch.js", "alice/proj1", "nosuch.spec"], {
      cwd: consumer,
      env: { HOME: consumer },
    });
    expect(failed).toEqual({ exitCode: 3, stdout: "", stderr: "Cannot read 'nosuch.spec': no such file or directory\n" });
  });

  test("is loaded by require() as well", async () => {
    const script = 'const { getBuild, createClient } = require("copr-tools"); console.log(typeof getBuild, typeof createClient);';
    await writeFile(join(consumer, "old.cjs"), script);
    expect(await output([process.execPath, "old.cjs"], { cwd: consumer })).toBe("function function\n");
  });
});

describe.each([
  { moduleResolution: "nodenext", module: "nodenext" },
  { moduleResolution: "bundler", module: "esnext" },
])("TypeScript with moduleResolution $moduleResolution", (resolution) => {
  // The declarations themselves ask for the types of Node.
  const types = { types: [], typeRoots: [join(repository, "node_modules", "@types")] };
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false };

  test("compiles the examples, of which one lists the builds that wait, and finds mistakes", async () => {
    const files = ["waiting-builds.ts", "build-and-fetch.js", "mistakes.ts"];
    for (const name of files.slice(0, 2)) await copyFile(join(examples, name), join(consumer, name));
    await writeFile(join(consumer, "mistakes.ts"), mistakes);
    const compilerOptions = { target: "es2023", lib: ["es2023"], allowJs: true, checkJs: true, rootDir: ".", outDir: "out" };
    await writeFile(
      join(consumer, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...resolution, ...types, ...strict }, files }),
    );
    const { stdout } = await runProgram([process.execPath, compiler, "--project", "."], { cwd: consumer });
    const complaints = stdout.split("\n").filter((line) => /^\S/.test(line));
    expect(complaints.map((line) => /^.*?\(\d+/.exec(line)?.[0] ?? line)).toEqual([4, 5, 6, 7, 8].map((line) => `mistakes.ts(${line}`));

    const recorded = recording("list-builds-json");
    const server = await frontend(recorded);
    const run = await runProgram([process.execPath, "out/waiting-builds.js"], { cwd: consumer, env: { COPR_URL: server.url } });
    const [page] = recorded as [Exchange];
    const { items } = page.response.body.json as { items: { id: number; source_package: { name: string | null } }[] };
    const lines = items.map(({ id, source_package: { name } }) => `${id} ${name ?? "(no name yet)"}\n`);
    expect(run).toEqual({ exitCode: 0, stdout: lines.join(""), stderr: "" });
    expect(server.requests.map(({ headers }) => headers["user-agent"])).toEqual(recorded.map(() => "copr waiting-builds/1.0"));
  });
});

const mistakes = `import { addPackage, createClient, getBuild, RequestError } from "copr-tools";
const client = createClient({ url: "https://copr.example.org" });
const project = { ownername: "me", projectname: "hello" };
export const state: number = (await getBuild(client, 1)).state;
await getBuild(1);
await addPackage(client, { ...project, package_name: "hello" }, "scm", { gem_name: "rake" });
createClient({ adress: "https://copr.example.org" });
export const page: number = new RequestError("").page;
`;

test("the guide shows the examples as they are", async () => {
  const guide = await readFile(join(repository, "docs", "library.md"), "utf8");
  for (const name of ["build-and-fetch.js", "waiting-builds.ts"]) {
    expect(guide).toContain(`\`\`\`${name.slice(-2)}\n${await readFile(join(examples, name), "utf8")}\`\`\`\n`);
  }
});

function recording(name: string): Exchange[] {
  const url = new URL(`../fixtures/transcripts/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { exchanges: Exchange[] }).exchanges;
}

/** Leaves out what a build was before its end, which would be waited for. */
function isFinished({ request, response }: Exchange): boolean {
  return request.method !== "GET" || (response.body.json as { state: string }).state === "succeeded";
}

/** A frontend that gives recorded answers, and a storage with one listing, whose files hold their names. */
function frontend(exchanges: readonly Exchange[], listing = ""): Promise<WebServer> {
  return webServer((response, { method, url, headers }) => {
    const exchange = exchanges.find(({ request }) => request.method === method && request.path === url);
    if (exchange) {
      const answer = JSON.stringify(exchange.response.body.json).replaceAll("{RESULTS}", `http://${headers.host}/storage`);
      response.writeHead(exchange.response.status, exchange.response.headers).end(answer);
    } else if (url.startsWith("/storage/")) {
      const name = url.split("/").pop() as string;
      response
        .writeHead(200, { "content-type": name === "" ? "text/html" : "application/x-rpm" })
        .end(name === "" ? listing : `content of ${name}`);
    } else {
      response.writeHead(500).end("not recorded");
    }
  });
}
