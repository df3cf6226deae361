import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exists } from "../../src/core/files/directories.ts";
import { querySource } from "../../src/builder/results/rpm-query.ts";
import { extractSpec } from "../../src/builder/results/srpm-content.ts";
import { type BuilderHost, makeSrpm, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { type Crafted, craftSrpm, linkMode, type Member } from "../support/crafted-rpm.ts";
import { output } from "../support/program.ts";
import { askPython } from "../support/python.ts";
import { taskContext } from "../support/task-context.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

let host: BuilderHost;
let srpm: Buffer;
beforeAll(async () => {
  host = await startBuilderHost();
  srpm = await readFile(await makeSrpm(host.directory, "hello"));
});
afterAll(() => host.close());

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const made = ["hello-1-1.src.rpm", "hello.spec", "results.json", "success"];

/** Serves a file under an undecoded path and lets the builder take it. */
async function build(path: string, content: Buffer): Promise<{ exitCode: number | string; reason: unknown }> {
  host.pages.clear();
  host.pages.set(new URL(path, host.url).pathname, { body: content });
  const { exitCode } = await host.runTask(srpmTask(`${host.url}${path}`));
  return { exitCode, reason: (await host.status())["reason"] };
}

describe("the name of a source package", () => {
  test.each(["x;touch PWNED;.src.rpm", "x$(touch PWNED).src.rpm", "x`touch PWNED`.src.rpm"])(
    "C7: %s is not given to a shell",
    async (name) => {
      const directory = await temporaryDirectory();
      await writeFile(join(directory, "x"), srpm);
      await output(["sh", "-c", `rpm2archive -n < ${name} | tar xf - '*.spec'; true`], { cwd: directory });
      await access(join(directory, "PWNED"));

      // What the builder itself does with such a file, should one come so far.
      const context = await taskContext();
      const path = join(context.workDirectory, name);
      await writeFile(path, srpm);
      await extractSpec(context, path, "hello.spec", context.workDirectory);
      expect((await querySource(context, path)).specName).toBe("hello.spec");
      expect((await readdir(context.workDirectory)).sort()).toEqual(["hello.spec", "home", name].sort());
    },
  );

  test("C7: quotes around a name are no help, and none is needed", async () => {
    const name = "x';touch PWNED;'.src.rpm";
    const directory = await temporaryDirectory();
    await output(["sh", "-c", `cat < '${name}'; true`], { cwd: directory });
    await access(join(directory, "PWNED"));

    const context = await taskContext();
    const path = join(context.workDirectory, name);
    await writeFile(path, srpm);
    await extractSpec(context, path, "hello.spec", context.workDirectory);
    expect((await readdir(context.workDirectory)).sort()).toEqual(["hello.spec", "home", name].sort());
  });

  test("C7, C8: a name with anything but plain characters is refused", async () => {
    for (const name of ["x;touch%20PWNED;.src.rpm", "-x.src.rpm", "x%0A.src.rpm", "*.src.rpm"]) {
      const { exitCode, reason } = await build(`/${name}`, srpm);
      expect([exitCode, reason]).toEqual([1, expect.stringMatching(/a plain name|can't be decoded|must not/)]);
    }
    expect(await exists(join(host.directory, "PWNED"))).toBe(false);
  });

  test("C8: an encoded slash does not lead out of the directory", async () => {
    const path = "/a/..%2F..%2F..%2Fcopr-evil.src.rpm";
    const naive = "from urllib.parse import unquote, urlparse\nimport os.path\nanswer = unquote(os.path.basename(urlparse(given).path))";
    expect(await askPython(naive, `http://h${path}`)).toBe("../../../copr-evil.src.rpm");
    expect(await build(path, srpm)).toEqual({ exitCode: 0, reason: null });
    expect(await results()).toEqual(["copr-evil.src.rpm", "hello.spec", "results.json", "success"]);
    expect(await exists(join(host.stateDirectory, "copr-evil.src.rpm"))).toBe(false);
    expect(await build("/%2Ftmp%2Fcopr-evil.src.rpm", srpm)).toEqual({ exitCode: 0, reason: null });
    expect(await exists("/tmp/copr-evil.src.rpm")).toBe(false);
  });
});

const spec: Member = { path: "hello.spec", content: "Name: hello\n", isSpec: true };

describe("C9: the content of a source package", () => {
  test("one that is crafted well is taken", async () => {
    const members = [spec, { path: "evil.spec", content: "Name: evil\n" }, { path: "../../../../../../tmp/copr-evil.spec", content: "x" }];
    expect(await build("/hello-1-1.src.rpm", craftSrpm({ members }))).toEqual({ exitCode: 0, reason: null });
    expect(await results()).toEqual(made);
    expect(await readFile(join(host.stateDirectory, "results", "hello.spec"), "utf8")).toBe("Name: hello\n");
    expect(await exists("/tmp/copr-evil.spec")).toBe(false);
  });

  test("one whose header marks no spec file, but holds one, is taken", async () => {
    const members = [
      { ...spec, isSpec: false },
      { path: "hello.tar", content: "x" },
    ];
    expect(await build("/hello-1-1.src.rpm", craftSrpm({ members }))).toEqual({ exitCode: 0, reason: null });
    expect(await results()).toEqual(made);
  });

  test.each<[string, Crafted, RegExp]>([
    ["C9: a spec file that is a link", { members: [{ ...spec, content: "/etc/passwd", mode: linkMode }] }, /can't be taken out/],
    ["C9: a link to a device", { members: [{ ...spec, content: "/dev/zero", mode: linkMode }] }, /can't be taken out/],
    ["C9: a spec file that is a FIFO", { members: [{ ...spec, content: "", mode: 0o010644 }] }, /can't be taken out/],
    ["C9: a spec file that is a directory", { members: [{ ...spec, content: "", mode: 0o040755 }] }, /can't be taken out/],
    ["C9: a spec file beside the directory", { members: [{ ...spec, path: "../hello.spec" }] }, /no plain name/],
    ["C9: a spec file of the host", { members: [{ ...spec, path: "/etc/hello.spec" }] }, /no plain name/],
    ["C9: a spec file with a line end", { members: [{ ...spec, path: "a\nb.spec" }] }, /odd names/],
    ["C9: a spec file with an escape", { members: [{ ...spec, path: "a\u001b[31m.spec" }] }, /no plain name/],
    ["C9: a spec file that is an option", { members: [{ ...spec, path: "--to-command=touch PWNED.spec" }] }, /no plain name/],
    ["C9: a spec file with the name of a result", { members: [{ ...spec, path: "success" }] }, /no plain name/],
    ["C9: two spec files", { members: [spec, { ...spec, path: "other.spec" }] }, /several spec files/],
    ["C9: no spec file", { members: [{ ...spec, path: "hello.txt", isSpec: false }] }, /holds no spec file/],
    [
      "C9: two files that may be the spec file",
      { members: [spec, { ...spec, path: "b.spec" }].map((one) => ({ ...one, isSpec: false })) },
      /several spec/,
    ],
    ["C9: a huge spec file", { members: [{ ...spec, claimedSize: 3_000_000_000 }] }, /too large/],
    ["C9: a name with a line end", { name: "a\nb", members: [spec] }, /odd name or version|not a readable RPM/],
    ["C9: a name that is a path", { name: "../a", members: [spec] }, /odd name or version|not a readable RPM/],
    ["C9: a version with an escape", { version: "1\u001b]52;c;x\u0007", members: [spec] }, /odd name or version|not a readable RPM/],
  ])("%s is refused", async (_name, crafted, message) => {
    const context = await taskContext();
    const path = join(context.workDirectory, "hello-1-1.src.rpm");
    await writeFile(path, craftSrpm(crafted));
    const takeSpec = async (): Promise<void> => {
      const { specName } = await querySource(context, path);
      if (specName === undefined) throw new Error("holds no spec file");
      await mkdir(join(context.workDirectory, "content"));
      await extractSpec(context, path, specName, join(context.workDirectory, "content"));
    };
    const { message: told } = await takeSpec().then(
      () => expect.fail("was taken"),
      (error: Error) => error,
    );
    expect(told).toMatch(message);
    for (const character of ["\u001b", "\n"]) expect(told).not.toContain(character);
  });

  test.each<[string, Member, RegExp]>([
    ["a link in a package", { ...spec, content: "/etc/passwd", mode: linkMode }, /can't be taken out/],
    ["a path in a package", { ...spec, path: "/etc/hello.spec" }, /no plain name/],
  ])("C9: %s fails the task", async (_name, member, message) => {
    const { exitCode, reason } = await build("/hello-1-1.src.rpm", craftSrpm({ members: [member] }));
    expect([exitCode, reason]).toEqual([1, expect.stringMatching(message)]);
    expect((await results()).filter((name) => name !== "hello-1-1.src.rpm")).toEqual([]);
  });

  test("C9: what tar alone makes of a spec file that is a link", async () => {
    const context = await taskContext();
    const path = join(context.workDirectory, "x.src.rpm");
    await writeFile(path, craftSrpm({ members: [{ ...spec, content: "/etc/passwd", mode: linkMode }] }));
    await output(["sh", "-c", 'rpm2archive -n < "$1" | tar xf - --wildcards "*.spec"', "sh", path], { cwd: context.home });
    expect(await readFile(join(context.home, "hello.spec"), "utf8")).toMatch(/^root:/);
    await expect(extractSpec(context, path, "hello.spec", context.workDirectory)).rejects.toThrow("can't be taken out");
  });

  test("a file that is no package is not read as a list of packages", async () => {
    const context = await taskContext();
    const list = join(context.workDirectory, "list.src.rpm");
    const real = join(context.workDirectory, basename("real.src.rpm"));
    await writeFile(real, srpm);
    await writeFile(list, `${real}\n`);
    expect(await output(["rpm", "-qp", "--nosignature", "--queryformat", "%{NAME}", list])).toBe("hello");
    await expect(querySource(context, list)).rejects.toThrow("not a readable RPM package");
  });
});
