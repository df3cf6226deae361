import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RecordedRequest } from "../sandbox/server.ts";
import { configText } from "../sandbox/api-page.ts";
import type { Account } from "../sandbox/models.ts";
import { projectSandbox, stateOf } from "../core/project-file/project-sandbox.ts";
import { bin, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { typeAt } from "../support/typed-line.ts";

/** The real program in a directory of its own, and the sandbox that it talks to. */
async function surroundings() {
  const here = await projectSandbox();
  const home = await temporaryDirectory();
  await mkdir(join(home, ".config"));
  const accountOf = (name: string) => here.world.accounts.find((one) => one.name === name) as Account;
  const become = (name: string) => writeFile(join(home, ".config", "copr"), configText(here.sandbox.url, accountOf(name)), { mode: 0o600 });
  await become("demo");
  const env = { HOME: home, no_proxy: "127.0.0.1", CI: "", TERM: "xterm", GITHUB_ACTIONS: "" };
  return {
    ...here,
    home,
    env,
    become,
    put: (name: string, text: string) => writeFile(join(home, name), text),
    get: (name: string) => readFile(join(home, name), "utf8"),
    run: (...words: string[]) => runProgram([...bin.cli, ...words], { cwd: home, env }),
    writes: () => here.sandbox.requests.filter(({ method }) => method !== "GET").length,
  };
}

const exampleOf = (text: string): string => /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "";

test("the documentation's example is planned, applied, exported, changed, and its comments stay", { timeout: 180_000 }, async () => {
  const here = await surroundings();
  const example = exampleOf(await readFile(new URL("../../docs/project-file.md", import.meta.url), "utf8"));
  await here.put("copr.yaml", example);

  const plan = await here.run("plan", "--exit-code");
  expect([plan.exitCode, plan.stderr]).toEqual([8, ""]);
  expect(plan.stdout).toContain(
    "--- (no project yet)\n+++ copr.yaml\n@@ project @@\n+settings:\n+  description: |\n+    Tools that we use every day.\n",
  );
  expect(plan.stdout).toMatch(/\ndemo\/tools: 8 to create\.\n$/);
  // A pipe can't be asked.
  const asked = await here.run("apply");
  expect([asked.exitCode, asked.stdout]).toEqual([2, ""]);
  expect(asked.stderr).toContain("Make 8 changes in demo/tools: these are 8 changes, and nobody can be asked here.\nGive --yes");
  const planned = await here.run("apply", "--dry-run");
  expect([planned.exitCode, planned.stdout.split("\n")[1]]).toEqual([0, "chroots/fedora-43-x86_64: would be created"]);
  expect(here.writes()).toBe(0);

  const applied = await here.run("apply", "--yes");
  expect([applied.exitCode, applied.stderr]).toEqual([0, ""]);
  expect(applied.stdout).toBe(
    ["project", "chroots/fedora-43-x86_64", "chroots/fedora-rawhide-x86_64", "packages/hello", "packages/requests", "packages/nano"]
      .concat(["packages/generated", "permissions/guest"])
      .map((path) => `${path}: created\n`)
      .join(""),
  );
  expect(stateOf(here.world, "tools").settings).toMatchObject({ fedora_review: true, description: "Tools that we use every day.\n" });
  const again = await here.run("plan", "--exit-code");
  expect([again.exitCode, again.stdout.split("\n").at(-2)]).toEqual([
    0,
    "Nothing differs in demo/tools. 2 values are not known (?), and would be sent.",
  ]);

  // Somebody changes it on the web.
  const { exitCode } = await here.run(
    "modify",
    "tools",
    "--description",
    "Tools that we use every day.\nAnd one more.\n",
    "--enable-net",
    "on",
  );
  expect(exitCode).toBe(0);
  const drift = await here.run("plan", "--json");
  expectSchema("copr-cli-plan.json", drift.stdout);
  expect((JSON.parse(drift.stdout) as { path: string; action: string }[]).map(({ path, action }) => `${action} ${path}`)).toEqual([
    "change settings/description",
    "change settings/enable_net",
    "set settings/fedora_review",
    "set packages/requests/timeout",
  ]);
  const shown = await here.run("plan");
  expect(shown.stdout).toContain(
    " description: |\n   Tools that we use every day.\n-  And one more.\n-enable_net: true\n+enable_net: false\n?fedora_review: true\n",
  );
  const update = await here.run("export", "--update", "copr.yaml");
  expect([update.exitCode, update.stdout]).toEqual([0, "copr.yaml was updated.\n"]);
  expect(await here.get("copr.yaml")).toContain("enable_net: true\n");
  expect(await here.get("copr.yaml")).toContain("  # Nobody can read this one back, see below.\n  fedora_review: true\n");
  expect((await here.run("export", "--update", "copr.yaml")).stdout).toBe("copr.yaml is up to date.\n");

  // The same project under another name.
  const exported = await here.run("export", "tools");
  expect(exported.stdout.split("\n")[0]).toMatch(/^# yaml-language-server: \$schema=https:\/\/.*\/project-file\.schema\.json$/);
  await here.put("other.yaml", exported.stdout.replace("project: demo/tools", "project: demo/other"));
  const second = await here.run("apply", "-f", "other.yaml", "--yes", "--json");
  expectSchema("copr-cli-apply.json", second.stdout);
  expect((JSON.parse(second.stdout) as { result: string }[]).every(({ result }) => result === "done")).toBe(true);
  expect((await here.run("export", "other")).stdout.replace("demo/other", "demo/tools")).toBe(exported.stdout);
  const json = await here.run("export", "tools", "--json");
  expectSchema("copr-cli-export.json", json.stdout);
  expectSchema("project-file", json.stdout);
  await here.put("copr.json", json.stdout);
  expect((await here.run("plan", "-f", "copr.json", "--exit-code")).exitCode).toBe(0);
  // Whoever may not is told before anything is changed.
  const before = here.writes();
  await here.become("bob");
  const refused = await here.run("apply", "-f", "other.yaml", "--yes");
  expect([refused.exitCode, here.writes()]).toEqual([7, before]);
  expect(refused.stderr).toContain("Error: You may not change demo/other: User 'bob' can not see permissions");
});

test("a person is asked once, and told what goes", async () => {
  const here = await surroundings();
  await here.apply({ project: "demo/prj", chroots: { "fedora-43-x86_64": {} }, packages: { old: {}, older: {} } });
  await here.put("copr.yaml", "project: prj\nsettings: {description: x}\npackages: {new: {}}\n");
  const before = here.writes();
  const answer = (line: string) => typeAt([["[y/n]?", line]], [...bin.cli, "apply", "--prune"], { cwd: here.home, env: here.env });
  const no = await answer("no\r");
  expect([no.exitCode, here.writes()], no.stdout).toEqual([0, before]);
  expect(no.stdout.replaceAll(/\s+/g, " ")).toContain("Make 2 changes in demo/prj and delete packages/old, packages/older [y/n]?");
  expect(no.stdout).toContain("Nothing was changed.");
  const yes = await answer("yes\r");
  expect(yes.exitCode, yes.stdout).toBe(0);
  expect(yes.stdout).toContain("packages/old: deleted");
  expect(stateOf(here.world, "prj").packages.map(({ name }) => name)).toEqual(["new"]);
});

test("faults are sentences, and what failed is counted", async () => {
  const here = await surroundings();
  const none = await here.run("plan");
  expect([none.exitCode, none.stderr]).toEqual([
    3,
    "\nError: Cannot read 'copr.yaml': no such file or directory\nName the file with --file, or write one with 'copr-cli export'.\n",
  ]);
  await here.put("copr.yaml", "project: prj\nsettings:\n  desciption: x\n");
  const wrong = await here.run("apply", "--yes");
  expect([wrong.exitCode, wrong.stderr]).toEqual([3, "\nError: copr.yaml:3:3: unknown key 'desciption', did you mean 'description'?\n"]);
  expect(here.sandbox.requests).toEqual([]);
  // What has no end is not read to it, and what comes through a pipe is.
  const endless = await here.run("plan", "--file", "/dev/zero");
  expect([endless.exitCode, endless.stderr]).toEqual([3, "\nError: /dev/zero is larger than 8388608 bytes\n"]);
  await here.put(
    "copr.yaml",
    "project: prj\nchroots: {fedora-43-x86_64: }\npackages: {a: {source: {type: scm, clone_url: 'https://me:unsayable-word@x.example/a'}}}\n",
  );
  const secret = await here.run("plan", "--file", "copr.yaml");
  expect([secret.exitCode, secret.stdout]).toEqual([0, expect.stringContaining("https://***x.example/a")]);
  expect(secret.stdout + secret.stderr).not.toContain("unsayable");
  await here.put("copr.yaml", "project: prj\nchroots: {fedora-43-x86_64: }\npackages: {a: {source: {type: scm, clone_url: no}}, b: {}}\n");
  const failed = await here.run("apply", "--yes");
  expect([failed.exitCode, failed.stdout]).toEqual([
    1,
    "project: created\nchroots/fedora-43-x86_64: created\npackages/a: failed: clone_url: Invalid URL.\npackages/b: created\n",
  ]);
  expect(failed.stderr).toContain("1 of 4 failed, see above.");
  // What can't be done is no change in a dry run either, and nobody is asked about it.
  await here.put("copr.yaml", "project: prj\nsettings: {description: x}\nchroots: {fedora-43-x86_64: {comps: none.xml}}\n");
  const dry = await here.run("apply", "--dry-run");
  const refusal = "chroots/fedora-43-x86_64/comps: failed: There is no file 'none.xml' to upload\n";
  expect([dry.exitCode, dry.stdout]).toEqual([1, `settings/description: would be changed\n${refusal}`]);
  expect((await here.run("apply")).stderr).toContain("Make 1 change in demo/prj: this is a change");
  expect((await here.run("apply", "--yes")).stdout).toBe(`settings/description: changed\n${refusal}`);
  expect((await here.run("export")).exitCode).toBe(2);
  const absent = await here.run("export", "absent");
  expect([absent.exitCode, absent.stderr]).toEqual([1, "\nSomething went wrong:\nError: There is no project demo/absent\n"]);
});

test("a project of a group is a file as any other", async () => {
  const here = await surroundings();
  await here.put("copr.yaml", "project: @testgroup/tools\n");
  expect(await here.run("plan")).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining("copr.yaml:1:10: a text that begins with '@' needs quotes"),
  });
  const text = [
    'project: "@testgroup/tools" # ours',
    "settings: {description: Ours.}",
    "chroots: {fedora-43-x86_64: {with_opts: [x]}}",
    "packages: {hello: {source: {type: pypi, pypi_package_name: hello}}}",
    "permissions: {bob: {builder: approved}}",
    "",
  ].join("\n");
  await here.put("copr.yaml", text);
  // Only its members make projects of a group.
  await here.become("bob");
  expect(await here.run("apply", "--yes")).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/^project: failed: User 'bob' doesn't have access to the copr group 'testgroup'.*\nchroots.*Not tried/),
  });
  await here.become("demo");
  const applied = await here.run("apply", "--yes");
  expect([applied.exitCode, applied.stderr]).toEqual([0, ""]);
  expect(here.world.findProject("@testgroup", "tools")?.settings.description).toBe("Ours.");
  expect((await here.run("plan", "--exit-code")).exitCode).toBe(0);
  const exported = await here.run("export", "@testgroup/tools");
  expect(exported.stdout).toContain('project: "@testgroup/tools"\n');
  await here.put("other.yaml", exported.stdout.replace("@testgroup/tools", "@testgroup/other"));
  expect((await here.run("apply", "-f", "other.yaml", "--yes")).exitCode).toBe(0);
  expect((await here.run("export", "@testgroup/other")).stdout.replace("/other", "/tools")).toBe(exported.stdout);
  // A member who has not made it is no less its owner; who has made it can't be given a role.
  here.world.groups.set("testgroup", ["demo", "carol"]);
  await here.become("carol");
  await here.put(
    "copr.yaml",
    text.replace("Ours.", "Also carol's.").replace("{bob: {builder: approved}}", "{demo: {admin: approved}, bob: {admin: approved}}"),
  );
  const again = await here.run("apply", "--yes");
  expect([again.exitCode, again.stdout]).toEqual([
    1,
    "settings/description: changed\npermissions/demo: failed: user 'demo' is owner of the '@testgroup/tools' project\npermissions/bob/admin: changed\n",
  ]);
  expect((await here.run("export", "--update", "copr.yaml")).stdout).toBe("copr.yaml was updated.\n");
  expect(await here.get("copr.yaml")).toMatch(
    /^project: "@testgroup\/tools" # ours\n[^]*\npermissions: \{bob: \{admin: approved, builder: approved\}\}\n$/,
  );
  // To leave the group is to lose its projects.
  here.world.groups.set("testgroup", ["demo"]);
  const before = here.writes();
  expect([(await here.run("apply", "--yes")).exitCode, here.writes()]).toEqual([7, before]);
});

/** How often an apply is killed; more on request. */
const KILLS = Number(process.env["PROJECT_FILE_KILLS"] ?? 3);

test("an apply that is killed at any request and started again ends as one that was not", {
  timeout: 30_000 + KILLS * 20_000,
}, async () => {
  const here = await surroundings();
  const file = (name: string): string =>
    [
      `project: demo/${name}`,
      "settings: {description: x, multilib: true}",
      "chroots:",
      "  fedora-43-x86_64: {with_opts: [a], comps: comps.xml}",
      "  epel-10-x86_64: {additional_modules: ['nodejs:20'], bootstrap_image: 'fedora:43'}",
      "packages:",
      "  one: {source: {type: scm, clone_url: https://x.example.org/}, max_builds: 3}",
      "  two: {source: {type: unset}, webhook_rebuild: true, timeout: 5}",
      "  three:",
      "permissions: {bob: {builder: approved}, carol: {admin: approved}}",
      "",
    ].join("\n");
  await here.put("comps.xml", "<comps/>\n");
  await here.put("copr.yaml", file("whole"));
  expect((await here.run("apply", "--yes")).exitCode).toBe(0);
  const whole = stateOf(here.world, "whole");
  const requests = here.sandbox.requests.length;
  let killed = 0;
  for (let round = 0; round < KILLS; round += 1) {
    // All requests in turn, and again, a little later each time.
    const number = 1 + ((KILLS < requests ? Math.floor((round * requests) / KILLS) : round) % requests);
    const name = `killed${round}`;
    await here.put("copr.yaml", file(name));
    const child = spawn(bin.cli[0], [bin.cli[1], "apply", "--yes"], {
      cwd: here.home,
      env: { ...process.env, ...here.env },
    });
    const recorded = here.sandbox.requests;
    let seen = 0;
    recorded.push = (...added: RecordedRequest[]): number => {
      seen += 1;
      if (seen === number) setTimeout(() => child.kill("SIGKILL"), (round * 7) % 11);
      return Array.prototype.push.apply(recorded, added);
    };
    const [, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    if (signal === "SIGKILL") killed += 1;
    recorded.push = Array.prototype.push;
    const second = await here.run("apply", "--yes");
    expect([second.exitCode, second.stderr], `killed at request ${number}`).toEqual([0, ""]);
    expect(stateOf(here.world, name), `killed at request ${number}`).toEqual(whole);
    expect((await here.run("plan", "--exit-code")).exitCode).toBe(0);
  }
  expect(killed).toBeGreaterThan(KILLS / 2);
});
