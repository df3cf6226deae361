import { execFileSync } from "node:child_process";
import { appendFile, mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CoprError } from "../../../src/core/errors.ts";
import { filePart, jsonPart, type MultipartBody, multipart, type Part } from "../../../src/core/http/multipart.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

async function bytesOf(body: MultipartBody, onProgress?: (sent: number) => void): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.stream(onProgress)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The parts as another implementation reads them. */
async function partsOf(body: MultipartBody) {
  const response = new Response(await bytesOf(body), { headers: { "content-type": body.contentType } });
  const form = await response.formData();
  return Promise.all(
    [...form.entries()].map(async ([name, value]) =>
      typeof value === "string"
        ? { name, value }
        : { name, filename: value.name, type: value.type, content: Buffer.from(await value.arrayBuffer()).toString() },
    ),
  );
}

const text = (content: string, filename = "x.json"): Part => ({ name: "json", filename, contentType: "application/json", content });

test("a file and its JSON come out as they went in", async () => {
  const path = join(await temporaryDirectory(), "hello-1.src.rpm");
  await writeFile(path, "\r\n--copr\r\nbytes\r\n");
  const body = multipart([await filePart("pkgs", path, "application/x-rpm"), jsonPart({ projectname: "grüße", list: ["a"] })]);
  expect(await partsOf(body)).toEqual([
    { name: "pkgs", filename: "hello-1.src.rpm", type: "application/x-rpm", content: "\r\n--copr\r\nbytes\r\n" },
    { name: "json", filename: "json", type: "application/json", content: '{"projectname":"grüße","list":["a"]}' },
  ]);
});

test("the length is the exact number of bytes, and the bytes are the same each time", async () => {
  const part = fc.record({
    name: fc.string({ unit: "grapheme" }),
    filename: fc.string({ unit: "binary" }),
    contentType: fc.constant("text/plain"),
    content: fc.string({ unit: "binary" }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const body = multipart(parts);
      const bytes = await bytesOf(body);
      expect(body.contentLength).toBe(bytes.length);
      expect(await bytesOf(body)).toEqual(bytes);
    }),
  );
});

test("no name leaves its place in the head of its part", async () => {
  const parts = [text("1", 'a"; name="evil'), text("2", "a\r\nX-Evil: 1\r\n\r\nevil"), text("3", "grüße 😀.rpm")];
  const body = multipart(parts);
  const bytes = (await bytesOf(body)).toString();
  expect(bytes.match(/^X-Evil/gm)).toBeNull();
  expect(bytes).toContain('filename="a%22; name=%22evil"');
  expect((await partsOf(body)).map((part) => [part.name, "content" in part && part.content])).toEqual([
    ["json", "1"],
    ["json", "2"],
    ["json", "3"],
  ]);
});

test("progress counts the bytes of the file", async () => {
  const path = join(await temporaryDirectory(), "big");
  await writeFile(path, Buffer.alloc(1_300_000, "x"));
  const seen: number[] = [];
  const body = multipart([await filePart("pkgs", path, "text/plain")]);
  expect(await bytesOf(body, (sent) => seen.push(sent))).toHaveLength(body.contentLength);
  expect(seen.at(-1)).toBe(1_300_000);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  expect(seen.length).toBeGreaterThan(1);
});

test("a file that grows meanwhile is sent at the announced length, one that shrinks is an error", async () => {
  const path = join(await temporaryDirectory(), "x");
  await writeFile(path, "0123456789");
  const body = multipart([await filePart("pkgs", path, "text/plain")]);
  await appendFile(path, "more");
  expect(await partsOf(body)).toMatchObject([{ content: "0123456789" }]);
  await truncate(path, 5);
  await expect(bytesOf(body)).rejects.toThrow(`The file '${path}' became shorter while it was uploaded`);
});

test("an empty file is a part", async () => {
  const path = join(await temporaryDirectory(), "empty");
  await writeFile(path, "");
  expect(await partsOf(multipart([await filePart("pkgs", path, "text/plain")]))).toMatchObject([{ filename: "empty", content: "" }]);
});

test("what can't be uploaded is told in one sentence", async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "d"));
  await expect(filePart("pkgs", join(directory, "none"), "x")).rejects.toThrow(
    `Cannot read '${directory}/none': no such file or directory`,
  );
  await expect(filePart("pkgs", join(directory, "d"), "x")).rejects.toThrow(`Cannot upload '${directory}/d': it is not a regular file`);
  await expect(filePart("pkgs", "/dev/null", "x")).rejects.toThrow(CoprError);
});

test("a FIFO is refused at once, not waited for", async () => {
  const path = join(await temporaryDirectory(), "x.src.rpm");
  execFileSync("mkfifo", [path]);
  await expect(filePart("pkgs", path, "application/x-rpm")).rejects.toThrow(`Cannot upload '${path}': it is not a regular file`);
});
