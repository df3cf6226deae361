import { mkdir, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { repository } from "../../scripts/docs/generated-files.ts";
import { isInstalled } from "../docs/installed.ts";
import { type BuilderHost, startBuilderHost } from "../support/builder-host.ts";
import { installNames } from "../support/installed-names.ts";
import { type Outcome, output, runProgram } from "../support/program.ts";
import { type SshServer, startSshServer } from "../support/ssh-server.ts";

const pool = join(repository, "packaging/resalloc/copr-builder-pool");
const isRoot = process.getuid?.() === 0;

/** The keys of a pool that resalloc's server reads, with the kind of their values. */
const keys: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["max", "max_starting", "max_prealloc", "start_delay", "livecheck_period", "livecheck_attempts"].map((key) => [key, "number"]),
  ),
  ...Object.fromEntries(["reuse_opportunity_time", "reuse_max_count", "reuse_max_time"].map((key) => [key, "number"])),
  ...Object.fromEntries(
    ["cmd_new", "cmd_delete", "cmd_livecheck", "cmd_release", "cmd_list", "description", "name_pattern"].map((key) => [key, "string"]),
  ),
  ...Object.fromEntries(["tags", "tags_on_demand", "named_counters"].map((key) => [key, "object"])),
};

interface Pool {
  [key: string]: unknown;
  tags?: (string | { name: string })[];
  tags_on_demand?: string[];
}

describe("pools.yaml", () => {
  const pools = async (): Promise<[string, Pool][]> =>
    Object.entries(parse(await readFile(join(repository, "packaging/resalloc/pools.yaml"), "utf8")) as Record<string, Pool>);

  test("has the keys that resalloc knows, and the tags that copr-backend asks for", async () => {
    const onDemand = (await pools()).flatMap(([, one]) => one.tags_on_demand ?? []);
    for (const [name, one] of await pools()) {
      expect(
        Object.entries(one).filter(([key, value]) => typeof value !== keys[key]),
        name,
      ).toEqual([]);
      const tags = (one.tags ?? []).map((tag) => (typeof tag === "string" ? tag : tag.name));
      expect(tags).toEqual(expect.arrayContaining(["copr_builder", "arch_x86_64", "arch_noarch"]));
      // Its server refuses a configuration where one is both.
      expect(tags.filter((tag) => onDemand.includes(tag))).toEqual([]);
      // A pool on demand keeps none waiting.
      if (one.tags_on_demand) expect(one["max_prealloc"]).toBe(0);
    }
  });

  test("calls what the script does, with constant words", async () => {
    const script = await readFile(pool, "utf8");
    for (const [, one] of await pools()) {
      for (const key of ["new", "delete", "livecheck", "release"]) {
        expect(one[`cmd_${key}`]).toMatch(new RegExp(`^(COPR_BUILDER_POOL_HOSTS=[\\w/.-]+ )?/usr/local/bin/copr-builder-pool ${key}$`));
        expect(script).toMatch(new RegExp(`^${key}\\)$`, "m"));
      }
    }
    const remote = [...script.matchAll(/^ +remote "\$\w+@\$1" (.*?) >&2$/gm)].map(([, words = ""]) => words.split(" ")[0]);
    expect(remote).toEqual(["copr-builder-cleanup", "copr-builder-ready"]);
    for (const program of remote) expect(Object.keys(packageJson.bin)).toContain(program);
  });

  test.skipIf(!isInstalled("shellcheck"))("shellcheck finds nothing (needs shellcheck)", async () => {
    expect(await runProgram(["shellcheck", pool])).toMatchObject({ exitCode: 0, stdout: "" });
  });
});

describe("copr-builder-pool", () => {
  let host: BuilderHost;
  let server: SshServer;
  let call: (verb: string, env?: Record<string, string>) => Promise<Outcome>;
  beforeEach(async () => {
    host = await startBuilderHost();
    const programs = join(host.directory, "bin");
    const path = await installNames(programs);
    await writeFile(host.config, `[main]\nbuildroot = host\nstate_dir = ${host.stateDirectory}\nrules_file = /nonexistent/rules.yml\n`);
    server = await startSshServer(host.directory, { PATH: path, COPR_BUILDER_CONFIG: host.config });
    // As its README has it, but for the place of the server.
    const config = (await readFile(join(host.directory, "ssh/builder_config"), "utf8")).replace(/^RequestTTY.*\n/m, "");
    await writeFile(join(host.directory, "ssh_config"), config);
    await writeFile(join(host.directory, "hosts"), "# the first\n\n127.0.0.1   # and the second:\n-oProxyCommand=touch\n");
    call = (verb, env = {}) =>
      runProgram([pool, verb], {
        env: {
          COPR_BUILDER_POOL_HOSTS: join(host.directory, "hosts"),
          COPR_BUILDER_POOL_SSH: join(host.directory, "ssh_config"),
          COPR_BUILDER_POOL_ADMIN: userInfo().username,
          COPR_BUILDER_POOL_USER: userInfo().username,
          RESALLOC_ID_IN_POOL: "0",
          RESALLOC_NAME: "pool_00000001_20260101",
          ...env,
        },
      });
  });
  afterEach(async () => {
    await server.close();
    await host.close();
  });
  const resource = (text: string): Record<string, string> => ({ RESALLOC_RESOURCE_DATA: Buffer.from(text).toString("base64") });
  const builder = resource('---\nhost: "127.0.0.1"\nname: "x"\n');

  test.skipIf(!isRoot)("prepares a machine, checks it, cleans it up (needs root)", async () => {
    await mkdir(join(host.stateDirectory, "results"), { recursive: true });
    const left = join(host.stateDirectory, "results/left.rpm");
    await writeFile(left, "");
    const made = await call("new");
    expect(made).toMatchObject({ exitCode: 0, stdout: '---\nhost: "127.0.0.1"\nname: "pool_00000001_20260101"\n' });
    expect(made.stderr).toContain("Builder is ready to be used\n");
    await expect(readFile(left)).rejects.toThrow("ENOENT");
    expect(await call("livecheck", resource(made.stdout))).toMatchObject({ exitCode: 0, stdout: "" });
    await writeFile(left, "");
    expect(await call("release", resource(made.stdout))).toMatchObject({ exitCode: 0, stdout: "" });
    await expect(readFile(left)).rejects.toThrow("ENOENT");
    expect(await call("delete", resource(made.stdout))).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("a machine that can't do a task is not alive", async () => {
    await mkdir(host.stateDirectory);
    expect((await call("livecheck", builder)).exitCode).toBe(0);
    await writeFile(host.config, `[main]\nbuildroot = host\nstate_dir = ${host.stateDirectory}\nmin_free = 999999999\n`);
    const { exitCode, stderr } = await call("livecheck", builder);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("a task needs 999999999 MiB");
  });

  test.skipIf(isRoot)("one that can't be cleaned up is not released (needs another user than root)", async () => {
    for (const verb of ["new", "release"]) expect(await call(verb, builder)).toMatchObject({ exitCode: 1, stdout: "" });
  });

  test("takes no text of others for a host, an option or a command", async () => {
    const pwned = join(host.directory, "pwned");
    const texts = ["", "-oProxyCommand=touch", `$(touch ${pwned})`, `a;touch ${pwned}`, "a b", "a\nb", "ä"];
    for (const text of texts) {
      const { exitCode, stderr } = await call("livecheck", resource(`host: "${text}"\n`));
      expect([exitCode, stderr], text).toEqual([1, expect.stringMatching(/^copr-builder-pool: no usable name of a host: /)]);
    }
    expect((await call("new", { RESALLOC_ID_IN_POOL: "1" })).stderr).toMatch(/no usable name of a host: -oProxyCommand=touch\n$/);
    expect((await call("new", { RESALLOC_ID_IN_POOL: "2" })).stderr).toMatch(/the list has no machine number 2: /);
    expect((await call("new", { RESALLOC_ID_IN_POOL: "0$(id)" })).stderr).toBe("copr-builder-pool: RESALLOC_ID_IN_POOL is no number\n");
    await expect(readFile(pwned)).rejects.toThrow("ENOENT");
    expect((await call("delete")).exitCode).toBe(0);
    expect((await call("other")).exitCode).toBe(2);
  });
});

test("the script is a program in a clone", async () => {
  expect(await output(["stat", "--format=%a", pool])).toMatch(/^7[0-7]{2}\n$/);
});
