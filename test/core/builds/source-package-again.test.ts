import { readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { expect, test } from "vitest";
import { type Build, createClient } from "../../../src/core/index.ts";
import { fetchSourcePackage } from "../../../src/core/builds/source-package-again.ts";
import { withPrivateDirectory } from "../../../src/core/files/private-directory.ts";
import { packageOf } from "../../support/staged-sandbox.ts";
import { sendJson, webServer } from "../../support/web-server.ts";

const listing = (...names: string[]): string => names.map((name) => `<a href="${name}">${name}</a>`).join("\n");
const html = { "content-type": "text/html" };

/** A frontend and its results, by path; whatever is not there is 404. The SRPM phase has no slash at its end, as upstream tells it. */
async function frontend(pages: Record<string, string | Buffer>) {
  const { url, requests } = await webServer((response, request) => {
    const page = pages[request.url];
    if (request.url.startsWith("/api_3/build/source-chroot/")) {
      if (pages["/results/srpm-builds/7/"] === undefined) return sendJson(response, { error: "a bug in the Copr code" }, 500);
      return sendJson(response, { state: "succeeded", result_url: `${url}/results/srpm-builds/7` });
    }
    if (request.url.startsWith("/api_3/build-chroot/list")) {
      return sendJson(response, {
        items: [
          { name: "a", state: "waiting", result_url: null },
          { name: "b", state: "failed", result_url: `${url}/results/b/7/` },
        ],
      });
    }
    if (page === undefined) return response.writeHead(404).end();
    return response.writeHead(200, typeof page === "string" ? html : {}).end(page);
  });
  const client = createClient({ url, retryDelayMs: 1 });
  const build = (published: string | null): Build => ({ id: 7, source_package: { name: null, version: null, url: published } }) as Build;
  const fetchAgain = (published: string | null = null) =>
    withPrivateDirectory("again-", async (directory) => {
      const source = { kind: "upload", url: `${url}/tmp/x/hello-1-1.src.rpm` } as const;
      const path = await fetchSourcePackage(client, { build: build(published), source, directory });
      expect([dirname(path), (await stat(directory)).mode & 0o777]).toEqual([directory, 0o700]);
      return { name: basename(path), content: await readFile(path), directory };
    });
  return { url, fetchAgain, asked: () => requests.map(({ url }) => url).filter((path) => !path.startsWith("/api_3/")) };
}

const [first, second] = [packageOf("first"), packageOf("second")];

test("the uploaded file is taken while it is there", async () => {
  const { fetchAgain, asked } = await frontend({ "/tmp/x/hello-1-1.src.rpm": first });
  const { name, content, directory } = await fetchAgain();
  expect([name, content, asked()]).toEqual(["hello-1-1.src.rpm", first, ["/tmp/x/hello-1-1.src.rpm"]]);
  await expect(stat(directory)).rejects.toThrow("ENOENT");
});

test("a page that stands for it is no package: the next place is looked at", async () => {
  const { fetchAgain, url } = await frontend({ "/tmp/x/hello-1-1.src.rpm": "<html>Sorry</html>", "/results/p.src.rpm": second });
  expect((await fetchAgain(`${url}/results/p.src.rpm`)).content).toEqual(second);
});

test("the results have it: those of the SRPM phase, or else of a chroot", async () => {
  const results = {
    "/results/srpm-builds/7/": listing("../", "backend.log.gz", "hello-1-1.src.rpm"),
    "/results/srpm-builds/7/hello-1-1.src.rpm": first,
    "/results/b/7/": listing("hello-1-1.x86_64.rpm", "..%2f..%2fevil.src.rpm", "hello-1-1.nosrc.rpm"),
    "/results/b/7/hello-1-1.nosrc.rpm": second,
  };
  expect((await (await frontend(results)).fetchAgain()).content).toEqual(first);
  const { "/results/srpm-builds/7/": _gone, ...inChroot } = results;
  expect(await (await frontend(inChroot)).fetchAgain()).toMatchObject({ name: "hello-1-1.nosrc.rpm", content: second });
});

test("nobody has it: one sentence, with what can be done", async () => {
  const { fetchAgain } = await frontend({ "/results/srpm-builds/7/": "<html>Nothing here.</html>" });
  await expect(fetchAgain()).rejects.toMatchObject({
    message: "The source package of build 7 is not to be had any more",
    hint: expect.stringContaining("Build it from a file of your own."),
  });
});
