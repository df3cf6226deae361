import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readBuiltPackages } from "../../../src/core/batch/built-packages.ts";
import { Capabilities } from "../../../src/core/batch/capabilities.ts";
import { parseRequirements } from "../../../src/core/batch/requirement.ts";
import { createClient } from "../../../src/core/client.ts";
import { webServer } from "../../support/web-server.ts";

const list = (href: string): string =>
  `<?xml version="1.0"?><repomd><data type="filelists"><location href="repodata/f.xml.gz"/></data><data type="primary"><location href="${href}"/></data></repomd>`;
const primary = `<?xml version="1.0" encoding="UTF-8"?>
<metadata packages="2">
<package type="rpm"><name>lib</name><arch>x86_64</arch><version epoch="1" ver="2.0" rel="3.fc43"/><format>
  <rpm:sourcerpm>lib-src-2.0-3.fc43.src.rpm</rpm:sourcerpm>
  <rpm:provides>
    <rpm:entry name="lib" flags="EQ" epoch="1" ver="2.0" rel="3.fc43"/>
    <rpm:entry name="perl(A&amp;B)"/><rpm:entry name="pkgconfig(lib)" flags="EQ" epoch="0" ver="2.0"/><rpm:entry name="odd , &lt; name"/>
  </rpm:provides>
  <rpm:requires><rpm:entry name="needed"/></rpm:requires><file>/usr/bin/lib</file><file type="dir">/etc/lib</file></format></package>
<package type="rpm"><name>app</name><arch>src</arch><format><rpm:provides><rpm:entry name="app"/></rpm:provides></format></package>
</metadata>`;

/** A repository with these files below /r/. */
async function repository(files: Readonly<Record<string, string | Buffer>>) {
  const server = await webServer((response, { url }) => {
    const content = files[url.replace("/r/", "")];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  return readBuiltPackages(createClient({ url: server.url, retryDelayMs: 1 }), `${server.url}/r`);
}

test("what the packages of a repository provide is read of its metadata", async () => {
  for (const packed of [primary, gzipSync(primary)]) {
    const packages = await repository({ "repodata/repomd.xml": list("repodata/p.xml.gz"), "repodata/p.xml.gz": packed });
    expect(packages).toEqual([
      {
        sourceName: "lib-src",
        provides: ["lib = 1:2.0-3.fc43", "perl(A&B)", "pkgconfig(lib) = 2.0"],
        files: ["/usr/bin/lib", "/etc/lib"],
        isComplete: true,
      },
    ]);
    const capabilities = new Capabilities(packages, { isExact: true });
    const met = (text: string): boolean => parseRequirements(text).every((one) => capabilities.of(one).size > 0);
    expect(["lib >= 1:2.0", "lib(x86-64)", "/usr/bin/lib", "(lib and pkgconfig(lib))"].map(met)).toEqual([true, true, true, true]);
    // What is not there is not guessed of what it may be called.
    expect(["lib > 1:2.0-4", "lib-devel", "cmake(lib)", "app", "needed"].map(met)).toEqual([false, false, false, false, false]);
  }
});

test.each<[why: string, files: Record<string, string | Buffer>, sentence: RegExp]>([
  ["no metadata", {}, /404 for .*repomd\.xml/],
  ["metadata of something else", { "repodata/repomd.xml": "<html>" }, /name no list/],
  ["a list that lies elsewhere", { "repodata/repomd.xml": list("https://elsewhere.example.org/p.xml") }, /name no list/],
  ["a list outside of it", { "repodata/repomd.xml": list("../../p.xml") }, /name no list/],
  ["a list that is gone", { "repodata/repomd.xml": list("repodata/p.xml") }, /404 for .*p\.xml/],
  ["half a list", { "repodata/repomd.xml": list("repodata/p.xml"), "repodata/p.xml": gzipSync(primary).subarray(0, 200) }, /can't be read/],
])("%s is a sentence", async (_, files, sentence) => {
  await expect(repository(files)).rejects.toThrow(sentence);
});
