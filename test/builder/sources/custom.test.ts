import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuilderHost, specText, srpmTask, startBuilderHost } from "../../support/builder-host.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
});
afterAll(() => host.close());

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const reason = async (): Promise<unknown> => (await host.status())["reason"];
const task = (script: string, source: Record<string, unknown> = {}, changes: Record<string, unknown> = {}) =>
  srpmTask("", { source_type: 9, source_json: JSON.stringify({ script, chroot: "fedora-43-x86_64", ...source }), ...changes });
const spec = (name: string, extra = ""): string => `cat > ${name}.spec <<'E'\n${specText(name, "true", extra)}E\n`;

describe("a script on the host", () => {
  test("finds its variables and the webhook's payload; no line says who runs it", async () => {
    host.pages.set("/tmp/t1/hook_payload", { body: '{"ref": "x"}' });
    const script = `echo "$COPR_OWNER/$COPR_PROJECT/$COPR_PACKAGE" in "$COPR_RESULTDIR"\ncat hook_payload\n${spec("made", "Source0: a.txt")}echo a > a.txt\n`;
    const source = { tmp: "t1", hook_data: "yes", builddeps: "gcc make" };
    const { exitCode, stdout } = await host.runTask(task(script, source, { package_name: "made" }));
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(
      /Buildroot: host[\s\S]*\nNot installed, because this is no chroot: gcc make\n[\s\S]*\nalice\/prj\/made in \/\S+\n\{"ref": "x"\}/,
    );
    expect(await results()).toEqual(["hook_payload", "made-1-1.src.rpm", "made.spec", "results.json", "success"]);
  });

  test("may leave its results in a directory; a task need not know the package's name", async () => {
    const { exitCode, stdout } = await host.runTask(task(`#!/bin/sh -e\nmkdir out\ncd out\n${spec("made")}`, { resultdir: "out" }));
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toEqual(["made-1-1.src.rpm", "made.spec", "results.json", "success"]);
  });

  test.each([
    ["no spec", "true", /^no spec file available$/],
    ["two specs", spec("a") + spec("b"), /^too many specfiles: a\.spec, b\.spec$/],
    ["a failure", "exit 7", /^Build failed: the script ended with 7$/],
    [
      "C35: a source that is a link to a file of the host",
      `${spec("a", "Source0: x")}ln -s /etc/passwd x`,
      /^Refusing the link 'x': it leads out/,
    ],
    ["C35: a spec file that is one", "ln -s /etc/passwd a.spec", /^Refusing the link 'a\.spec': it leads out/],
    [
      "C35: a FIFO, which rpmbuild would wait for",
      `${spec("a", "Source0: x")}mkfifo x`,
      /^Refusing 'x' of the script's results: it is not a regular file$/,
    ],
  ])("%s", async (_name, script, message) => {
    expect((await host.runTask(task(script))).exitCode).toBe(1);
    expect(await reason()).toMatch(message);
    expect(await results()).toEqual([]);
  });

  test("C35: a result directory that is a link out is refused", async () => {
    await host.runTask(task("ln -s /etc out", { resultdir: "out" }));
    expect(await reason()).toBe("Refusing 'out': it leads out of the repository");
  });

  test("its own limit ends it as timed out", async () => {
    const { exitCode, stdout } = await host.runTask(task("sleep 600", { timeout: 1 }));
    expect(exitCode, stdout).toBe(5);
    expect(stdout).toContain("\n !! Copr timeout => sending INT\n");
    expect(await host.status()).toMatchObject({ state: "timed-out", reason: "The script took longer than its limit of 1 s" });
  });
});

describe("the payload", () => {
  test("C37: one without end is cut off", async () => {
    host.pages.set("/tmp/big/hook_payload", { body: Buffer.alloc(65 * 1024 ** 2) });
    await host.runTask(task("true", { tmp: "big", hook_data: "yes" }));
    expect(await reason()).toMatch(/^The answer to http:\S+\/tmp\/big\/hook_payload is larger than 67108864 bytes$/);
    expect(await results()).toEqual([]);
  });

  test("one that nobody can be asked for is told", async () => {
    const config = join(host.directory, "no-frontend.ini");
    await writeFile(config, "[main]\nbuildroot = host\n");
    await host.runTask(task("true", { tmp: "x", hook_data: null }), "--config", config);
    expect(await reason()).toMatch(/^The task has a webhook's payload, but there is no frontend_url/);
    expect(await readFile(config, "utf8")).toContain("host");
  });
});

describe("definitions that are refused", () => {
  test.each([
    ["C16: an option among the packages", { builddeps: "gcc --config-opts=x" }, /builddeps/],
    ["C16: in a list too", { builddeps: ["-rother"] }, /builddeps/],
    ["C36: a chroot that is a path", { chroot: "../../home/x" }, /chroot is not the name of a chroot/],
    ["a result directory outside", { resultdir: "../.." }, /resultdir must stay inside/],
    ["a payload outside", { tmp: "../x", hook_data: 1 }, /tmp is not the name of a directory/],
  ])("%s", async (_name, source, message) => {
    expect((await host.runTask(task("true", source))).exitCode).toBe(1);
    expect(await reason()).toMatch(message);
  });
});
