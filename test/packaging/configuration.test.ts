import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../../scripts/docs/generated-files.ts";
import { readSettings } from "../../src/builder/settings.ts";
import { slotsAt, type StateDirectory } from "../../src/builder/state/state-directory.ts";
import { parseTaskRules } from "../../src/builder/host/task-rules.ts";
import { askPython } from "../support/python.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const packaged = (path: string): Promise<string> => readFile(join(repository, "packaging/etc/copr-rpmbuild", path), "utf8");
/** The same with the keys that are commented out. */
const uncommented = (text: string): string => text.replaceAll(/^#(?=\S| {2})/gm, "");

describe("main.ini", () => {
  const keysOf = (text: string): string[] => [...text.matchAll(/^#?([a-z_]+) = /gm)].map(([, key = ""]) => key).sort();

  test("has every key that is read, and no other", async () => {
    const readers = ["settings.ts", "sources/rpkg-config.ts"].map((name) => readFile(join(repository, "src/builder", name), "utf8"));
    const calls = (await Promise.all(readers)).join("").matchAll(/\b(?:text|number|path|url|flag)\("(\w+)"/g);
    const read = [...calls].map(([, key = ""]) => key).concat("distgit_hostname_pattern");
    expect(read).toContain("frontend_url");
    expect([...new Set(keysOf(await packaged("main.ini")))]).toEqual([...new Set(read)].sort());
  });

  test("shows the defaults", async () => {
    const directory = await temporaryDirectory();
    const settings = async (text: string): Promise<unknown> => {
      await writeFile(join(directory, "main.ini"), text);
      const { rpkgServers: _, ...rest } = await readSettings(join(directory, "main.ini"), { environment: {} });
      return rest;
    };
    const text = await packaged("main.ini");
    const defaults = (await settings("[main]\n")) as object;
    const frontendUrl = "https://copr.fedorainfracloud.org";
    expect(await settings(text)).toEqual({ ...defaults, frontendUrl });
    const stateDirectory = "/var/lib/copr-rpmbuild";
    const [slot] = slotsAt(stateDirectory, 1) as [StateDirectory];
    const { results, workspace, lock, mainLog, pid, loggerPid } = slot;
    const statePaths = { results, workspace, lock, mainLog, pid, loggerPid };
    expect(await settings(uncommented(text))).toEqual({ ...defaults, frontendUrl, stateDirectory, statePaths });
  });

  test("has an example of dist-git servers that can be taken as it is", async () => {
    const path = join(await temporaryDirectory(), "main.ini");
    await writeFile(path, uncommented(await packaged("main.ini")));
    const { rpkgServers } = await readSettings(path, { environment: {} });
    expect(rpkgServers.map(({ hostname }) => hostname?.test("src.example.org"))).toEqual([true, undefined]);
    for (const { cloneUrl, lookasideUrl } of rpkgServers) {
      expect(cloneUrl).toMatch(/:\/\/.*%\(repo_path\)s$/);
      expect(lookasideUrl).toMatch(/:\/\/.*%\(hash\)s\/%\(filename\)s$/);
    }
  });

  test("is the same to Python's reader", async () => {
    const text = uncommented(await packaged("main.ini"));
    const script = `import configparser
parser = configparser.RawConfigParser()
parser.read_string(given)
answer = {section: dict(parser[section]) for section in parser.sections()}`;
    const sections = await askPython<Record<string, Record<string, string>>>(script, text);
    expect(Object.keys(sections)).toEqual(["main", "distgit0"]);
    expect(Object.values(sections).flatMap(Object.keys).sort()).toEqual(keysOf(text));
    expect(sections["main"]).toMatchObject({ enabled_source_protocols: "https ftps", rpm_vendor_copr_name: "Unknown Copr" });
  });
});

test("copr-rpmbuild.yml sets nothing, and its examples are what they should be", async () => {
  const text = await packaged("copr-rpmbuild.yml");
  expect(parse(text)).toBeNull();
  const {
    tags_to_mock_snippet: snippets,
    rhsm,
    task_rules: rules,
  } = parse(uncommented(text)) as {
    tags_to_mock_snippet: { tagset: unknown; snippet: unknown }[];
    rhsm: unknown;
    task_rules: unknown;
  };
  for (const { tagset, snippet } of snippets) {
    expect(tagset).toContain("on_demand_powerful");
    expect(snippet).toMatch(/^config_opts\[/);
  }
  expect(rhsm).toEqual(["rhel-*", "epel-*"]);
  const [powerful, browser] = parseTaskRules(rules, (what) => new Error(what));
  expect(powerful).toEqual({ tags: ["on_demand_powerful"], grant: { memory: 64 * 1024 ** 3, timeLimit: 172_800 } });
  expect(browser?.grant).toEqual({ cpuWeight: 200, mockOptions: ["--enable-plugin", "tmpfs"] });
});
