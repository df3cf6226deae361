import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { downloadSources } from "../../../src/core/packaging/dist-git.ts";
import { findDistGitInstance, readDistGitConfig } from "../../../src/core/packaging/dist-git-config.ts";
import type { DistGitInstance } from "../../../src/core/packaging/dist-git-instances.ts";
import { CoprError } from "../../../src/core/errors.ts";
import { createTransport } from "../../../src/core/http/transport.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { sendJson, webServer } from "../../support/web-server.ts";

const content = "the tarball";
const hashOf = (type: string): string => createHash(type).update(content).digest("hex");

/** A clone with a list of sources, and a lookaside cache that has one file. */
async function setUp({
  sources,
  instance = {},
  listName = "sources",
}: {
  sources?: string;
  instance?: Partial<DistGitInstance>;
  listName?: string;
}) {
  const directory = await temporaryDirectory();
  if (sources !== undefined) await writeFile(join(directory, listName), sources);
  const lookaside = await webServer((response, { url }) => (url.includes("missing") ? sendJson(response, {}, 404) : response.end(content)));
  const transport = createTransport({ coprUrl: lookaside.url, userAgent: "copr test", environment: {} });
  onTestFinished(() => transport.close());
  const instances: DistGitInstance[] = [
    {
      name: "fedora",
      cloneHostnames: ["src.example.com"],
      pathPrefixes: [],
      sourcesFile: "sources",
      specs: ".",
      sources: ".",
      defaultHashType: "md5",
      lookasideLocation: `${lookaside.url}/cache`,
      lookasidePattern: "{namespace[0]}/{name}/{filename}/{hashtype}/{hash}/{filename}",
      ...instance,
    },
  ];
  const seen: string[] = [];
  const download = (cloneUrl = "https://src.example.com/rpms/hello.git") =>
    downloadSources({
      directory,
      cloneUrl,
      instance: findDistGitInstance(instances, cloneUrl),
      specName: "hello.spec",
      reference: async () => "c9s",
      transport,
      onFile: (url) => seen.push(url),
    });
  return { directory, lookaside, download, seen };
}

test.each([
  ["md5", `${hashOf("md5")}  hello-1.tar.gz\n`],
  ["sha512", `SHA512 (hello-1.tar.gz) = ${hashOf("sha512")}\n`],
])("a file listed with %s is fetched and checked", async (type, sources) => {
  const { directory, lookaside, download, seen } = await setUp({ sources });
  await download();
  const path = `/cache/rpms/hello/hello-1.tar.gz/${type}/${hashOf(type)}/hello-1.tar.gz`;
  expect(await readFile(join(directory, "hello-1.tar.gz"), "utf8")).toBe(content);
  expect(lookaside.requests.map(({ url }) => url)).toEqual([path]);
  expect(seen).toEqual([`${lookaside.url}${path}`]);
});

test("a file with another checksum is an error and does not stay", async () => {
  const wrong = "0".repeat(32);
  const { directory, download } = await setUp({ sources: `${wrong}  hello-1.tar.gz\n` });
  await expect(download()).rejects.toThrow(`Check-sum ${hashOf("md5")} is wrong, expected: ${wrong} (hello-1.tar.gz)`);
  expect(await readdir(directory)).toEqual(["sources"]);
});

test("a file that is there already is fetched only if it is another one", async () => {
  const { directory, lookaside, download } = await setUp({ sources: `${hashOf("md5")}  good\n${hashOf("md5")}  bad\n` });
  await writeFile(join(directory, "good"), content);
  await writeFile(join(directory, "bad"), "something else");
  await download();
  expect(await readFile(join(directory, "bad"), "utf8")).toBe(content);
  expect(lookaside.requests.map(({ url }) => url.split("/")[4])).toEqual(["bad"]);
});

test.each(["/dev/zero", "/etc/passwd", "outside"])(
  "a link to %s in the repository is replaced, not read or written through",
  async (target) => {
    const { directory, download } = await setUp({ sources: `${hashOf("md5")}  hello.tar\n` });
    const outside = join(await temporaryDirectory(), "outside");
    await writeFile(outside, content);
    await symlink(target === "outside" ? outside : target, join(directory, "hello.tar"));
    await download();
    expect((await readdir(directory, { withFileTypes: true })).every((entry) => entry.isFile())).toBe(true);
    expect(await readFile(join(directory, "hello.tar"), "utf8")).toBe(content);
  },
);

test("a directory in the place of a source is an error and stays", async () => {
  const { directory, download } = await setUp({ sources: `${hashOf("md5")}  .git\n` });
  await mkdir(join(directory, ".git"));
  await expect(download()).rejects.toThrow(CoprError);
  expect(await readdir(directory)).toEqual([".git", "sources"]);
});

test.each(["../evil", "/tmp/evil", "a/b", ".."])("the file name %s is refused before anything is fetched", async (name) => {
  const { directory, lookaside, download } = await setUp({ sources: `${hashOf("md5")}  good\n${hashOf("md5")}  ${name}\n` });
  await expect(download()).rejects.toThrow(`Refusing the file name '${name}'`);
  expect([lookaside.requests, await readdir(directory)]).toEqual([[], ["sources"]]);
});

test("a name with characters of addresses stays one part of the address", async () => {
  const { lookaside, download } = await setUp({ sources: `${hashOf("md5")}  a?b#c%2e {name}\n` });
  await download();
  expect(lookaside.requests[0]?.url).toContain("/a%3Fb%23c%252e%20%7Bname%7D/md5/");
});

test("a file the cache does not have is an error", async () => {
  const { download } = await setUp({ sources: `${hashOf("md5")}  missing\n` });
  await expect(download()).rejects.toThrow(/^The server answered 404 for http/);
});

test("a list that is a link is refused", async () => {
  const { directory, download } = await setUp({});
  await symlink("/etc/passwd", join(directory, "sources"));
  await expect(download()).rejects.toThrow("'sources' of the repository is, or is in, a link");
});

test.each([
  ["no list", undefined],
  ["an empty list", "\n"],
])("%s asks nobody, of an unknown host too", async (_, sources) => {
  const { lookaside, download } = await setUp(sources === undefined ? {} : { sources });
  await download("https://unknown.example.com/x");
  expect(lookaside.requests).toEqual([]);
});

describe("the layout of CentOS", () => {
  const instance = { sourcesFile: ".{name}.metadata", specs: "SPECS", sources: "SOURCES", lookasidePattern: "{name}/{refspec}/{hash}" };
  const listName = ".hello.metadata";

  test("names may begin with the directory of sources, and the address holds the branch", async () => {
    const sources = `${hashOf("md5")}  SOURCES/a.tar\n${hashOf("md5")}  b.tar\n`;
    const { directory, lookaside, download } = await setUp({ sources, instance, listName });
    await download();
    expect((await readdir(join(directory, "SOURCES"))).sort()).toEqual(["a.tar", "b.tar"]);
    expect(lookaside.requests[0]?.url).toBe(`/cache/hello/c9s/${hashOf("md5")}`);
  });

  test.each(["SOURCES/../x", "SOURCES//x", "SPECS/x", "SOURCES/.."])("C34: the file name %s is refused", async (name) => {
    const { lookaside, download } = await setUp({ sources: `${hashOf("md5")}  ${name}\n`, instance, listName });
    await expect(download()).rejects.toThrow("Refusing the file name");
    expect(lookaside.requests).toEqual([]);
  });

  test("C34: a directory of sources that is a link is refused", async () => {
    const { directory, download } = await setUp({ sources: `${hashOf("md5")}  x\n`, instance, listName });
    await symlink(await temporaryDirectory(), join(directory, "SOURCES"));
    await expect(download()).rejects.toThrow("'SOURCES' of the repository is, or is in, a link");
  });
});

test("a server that stumbles is asked again, with nothing of the first try left", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "sources"), `${hashOf("md5")}  x\n`);
  const lookaside = await webServer((response, _, number) => {
    if (number === 1) return sendJson(response, {}, 503);
    if (number > 2) return response.end(content);
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    return setTimeout(() => response.destroy(), 50);
  });
  const transport = createTransport({ coprUrl: lookaside.url, userAgent: "copr test", environment: {} });
  onTestFinished(() => transport.close());
  const retries: string[] = [];
  const instance: DistGitInstance = {
    name: "x",
    cloneHostnames: [],
    pathPrefixes: [],
    sourcesFile: "sources",
    specs: ".",
    sources: ".",
    defaultHashType: "md5",
    lookasideLocation: lookaside.url,
    lookasidePattern: "{filename}",
  };
  await downloadSources({
    directory,
    cloneUrl: "https://h/x",
    instance,
    specName: "x.spec",
    transport,
    onRetry: (_, reason) => retries.push(reason),
  });
  expect([await readFile(join(directory, "x"), "utf8"), retries.length]).toEqual([content, 2]);
  expect(lookaside.requests[0]?.headers["user-agent"]).toBe("copr test");
});

describe("which instance", () => {
  const sources = `${hashOf("md5")}  x\n`;

  test.each([
    ["https://unknown.example.com/rpms/hello", "unknown.example.com"],
    ["git@unknown.example.com:rpms/hello", "unknown.example.com"],
    ["/srv/git/hello", "localhost"],
    ["file:///srv/git/hello", "localhost"],
  ])("%s is of no known one", async (cloneUrl, host) => {
    const { download } = await setUp({ sources });
    await expect(download(cloneUrl)).rejects.toThrow(`${host} (detected from clone URL) not found in dist-git-client configuration`);
  });

  test.each([
    ["https://src.example.com/rpms/hello", "/cache/rpms/hello/"],
    ["https://bob:x@src.example.com/rpms/hello.git/", "/cache/rpms/hello/"],
    ["ssh://git@src.example.com/forks/bob/rpms/hello", "/cache/rpms/hello/"],
    ["git@src.example.com:rpms/hello.git", "/cache/rpms/hello/"],
    ["https://src.example.com/@group/prj/hello", "/cache/prj/hello/"],
  ])("%s is asked for at %s", async (cloneUrl, path) => {
    const { lookaside, download } = await setUp({ sources });
    await download(cloneUrl);
    expect(lookaside.requests[0]?.url.startsWith(path)).toBe(true);
  });

  test("prefixes of paths are kept apart", async () => {
    const { download } = await setUp({ sources, instance: { pathPrefixes: ["/redhat/centos-stream/rpms"] } });
    await expect(download()).rejects.toThrow("not found in dist-git-client configuration");
    await download("https://src.example.com/redhat/centos-stream/rpms/hello");
  });

  test("the list may carry the package's name", async () => {
    const { lookaside, download } = await setUp({ sources, listName: ".hello.metadata", instance: { sourcesFile: ".{name}.metadata" } });
    await download();
    expect(lookaside.requests).toHaveLength(1);
  });

  test("a pattern with an unknown word is the administrator's mistake", async () => {
    const { download } = await setUp({ sources, instance: { lookasidePattern: "{nonsense}" } });
    await expect(download()).rejects.toThrow("The lookaside_uri_pattern of [fedora] uses {nonsense}");
  });
});

describe("configuration", () => {
  test("all files of a directory, in order", async () => {
    const directory = await temporaryDirectory();
    await writeFile(
      join(directory, "b.ini"),
      "[centos]\nclone_hostnames =\n  git.example.com\n  git2.example.com\npath_prefixes = /rpms /sig\nsources_file = .{name}.metadata\ndefault_sum = sha1\n",
    );
    await writeFile(
      join(directory, "a.ini"),
      "[fedora]\nclone_hostnames = h\nlookaside_location = https://l//\nlookaside_uri_pattern = /repo/{name}%2f\n",
    );
    await writeFile(join(directory, "ignored.txt"), "nonsense");
    expect(await readDistGitConfig(directory)).toEqual([
      {
        name: "fedora",
        cloneHostnames: ["h"],
        pathPrefixes: [],
        sourcesFile: "sources",
        specs: ".",
        sources: ".",
        defaultHashType: "md5",
        lookasideLocation: "https://l",
        lookasidePattern: "repo/{name}%2f",
      },
      expect.objectContaining({
        name: "centos",
        cloneHostnames: ["git.example.com", "git2.example.com"],
        pathPrefixes: ["/rpms", "/sig"],
        defaultHashType: "sha1",
        sourcesFile: ".{name}.metadata",
      }),
    ]);
  });

  test("two instances for the same repositories are an error", async () => {
    const directory = await temporaryDirectory();
    const text = (prefixes: string): string =>
      `[one]\nclone_hostnames = h\n[two]\nclone_hostnames = g h\n${prefixes}[three]\nclone_hostnames = h\npath_prefixes = /a /b\n`;
    await writeFile(join(directory, "a.ini"), text(""));
    await expect(readDistGitConfig(directory)).rejects.toThrow("Duplicate prefix DEFAULT for h hostname");
    await writeFile(join(directory, "a.ini"), text("path_prefixes = /b\n"));
    await expect(readDistGitConfig(directory)).rejects.toThrow("Duplicate prefix /b for h hostname");
  });

  test.each(["specs = ../x", "sources = /etc", "sources_file = a/../../x"])("C34: %s leads out of the repository", async (line) => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "a.ini"), `[x]\nclone_hostnames = h\n${line}\n`);
    await expect(readDistGitConfig(directory)).rejects.toThrow("leads out of the repository");
  });

  test("without the directory those that dist-git-client ships; a bad file is an error", async () => {
    const directory = await temporaryDirectory();
    const shipped = await readDistGitConfig(join(directory, "none"));
    expect(shipped.map(({ name }) => name)).toEqual(["fedora", "centos", "fedora-copr", "fedora-copr-dev", "centos-stream", "centos-sig"]);
    const nameOf = (url: string): string | undefined => findDistGitInstance(shipped, url)?.name;
    expect(nameOf("https://gitlab.com/redhat/centos-stream/rpms/bash.git")).toBe("centos-stream");
    expect(nameOf("git@gitlab.com:CentOS/kmods/rpms/x.git")).toBe("centos-sig");
    expect(nameOf("https://gitlab.com/alice/x.git")).toBeUndefined();
    await writeFile(join(directory, "a.ini"), "[x]\ndefault_sum = ./evil\n");
    await expect(readDistGitConfig(directory)).rejects.toThrow("Unknown default_sum './evil' in [x]");
    await writeFile(join(directory, "a.ini"), "nonsense\n");
    await expect(readDistGitConfig(directory)).rejects.toThrow("File contains no section headers");
  });
});
