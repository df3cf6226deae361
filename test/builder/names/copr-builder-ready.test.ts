import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { matchesPattern } from "../../../src/builder/host/pattern.ts";
import { nameOfBuilder, type Outcome, runProgram } from "../../support/program.ts";
import { askPython } from "../../support/python.ts";
import { hasPrivateMachines, startPrivateMachine } from "../../support/private-machine.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A machine that knows one chroot, with these rules. */
async function ready(words: readonly string[], rules = "", settings = ""): Promise<Outcome> {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "known-1-x86_64.cfg"), "");
  await writeFile(join(directory, "rules.yml"), rules);
  const config = `[main]\nmock_config_directory = ${directory}\nrules_file = ${directory}/rules.yml\nbuildroot = host\n${settings}`;
  await writeFile(join(directory, "main.ini"), config);
  const options = ["--config", join(directory, "main.ini"), "--state-dir", directory];
  const outcome = await runProgram([...nameOfBuilder("copr-builder-ready"), ...words, ...options]);
  return { ...outcome, stdout: outcome.stdout.replaceAll(directory, "DIR"), stderr: outcome.stderr.replaceAll(directory, "DIR") };
}

test.each(["known-1-x86_64", "srpm-builds"])("%s needs no subscription", async (chroot) => {
  const stdout = `Red Hat subscription not needed for ${chroot}\nBuilder is ready to be used\n`;
  expect(await ready([chroot])).toEqual({ exitCode: 0, stdout, stderr: "" });
});

test.each(["unknown-1-x86_64", "../DIR/known-1-x86_64", "ü"])("'%s' is no chroot of the machine", async (chroot) => {
  const stdout = `Chroot config DIR/${chroot.replace("ü", "?")}.cfg not found\n`;
  expect(await ready([chroot])).toEqual({ exitCode: 1, stdout, stderr: "" });
});

test("no chroot is a wrong call", async () => {
  expect(await ready([])).toEqual({ exitCode: 1, stdout: "", stderr: "usage: copr-builder-ready CHROOT\n" });
});

test("a disk that is too full for a task", async () => {
  const { exitCode, stdout } = await ready(["known-1-x86_64"], "", "min_free = 999999999\n");
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/\nThe disk of 'DIR' has only \d+ MiB free, and a task needs 999999999 MiB\n$/);
});

test.skipIf(!hasPrivateMachines)("a state directory that its user can't write to (needs root and a mount namespace)", async () => {
  const machine = await startPrivateMachine();
  try {
    const ask = (): Promise<Outcome> => machine.run([...nameOfBuilder("copr-builder-ready"), "srpm-builds"], { isNobody: true });
    const refused = await ask();
    expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(/^copr-builder-ready: This user can't write to the state directory '\/var\/lib\/copr-rpmbuild'\n/);

    await chmod(machine.path("/var/lib/copr-rpmbuild"), 0o777);
    await writeFile(machine.path("/var/lib/copr-rpmbuild/lockfile"), "", { mode: 0o600 });
    const locked = await ask();
    expect([locked.exitCode, locked.stdout.split("\n").at(-2)]).toEqual([
      1,
      "This user can't open the lock file /var/lib/copr-rpmbuild/lockfile",
    ]);
  } finally {
    await machine.close();
  }
});

test("a subscription that does not come", async () => {
  const { exitCode, stdout } = await ready(["known-1-x86_64", "--timeout", "1"], "rhsm: [rhel-*, known-?-*]\n");
  expect([exitCode, stdout]).toEqual([1, "Checking Red Hat subscription (attempt #1)\nWaiting for Red Hat subscription timeouted!\n"]);
});

test.each([
  ["rhsm: [", /^copr-builder-ready: Cannot use the rules 'DIR\/rules.yml': it is not YAML: .+\n$/],
  ["rhsm: rhel-*", /rules.yml': rhsm must be a list of patterns\n$/],
  ["- rhsm", /rules.yml': they are not a list of keys with values\n$/],
  ["tags_to_mock_snippet: [{tagset: [a]}]", /rules.yml': tags_to_mock_snippet must be a list of entries/],
])("wrong rules are one sentence: %s", async (rules, sentence) => {
  const { exitCode, stderr } = await ready(["known-1-x86_64"], rules);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(sentence);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

test.skipIf(!hasPrivateMachines)("the usual places, and a subscription that comes late (needs a mount namespace)", async () => {
  const machine = await startPrivateMachine();
  try {
    await writeFile(machine.path("/etc/mock/rhel-9-x86_64.cfg"), "");
    await writeFile(machine.path("/etc/copr-rpmbuild/copr-rpmbuild.yml"), "---\nrhsm:\n  - rhel-*\n");
    const running = machine.run([...nameOfBuilder("copr-builder-ready"), "rhel-9-x86_64"]);
    setTimeout(() => void writeFile(machine.path("/run/copr-builder/rhsm-subscribed"), ""), 2000);
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Checking Red Hat subscription \(attempt #1\)\nRed Hat subscription active\n(Warning: .*\n)*Builder is ready to be used\n$/,
    );
    const missing = await machine.run([...nameOfBuilder("copr-builder-ready"), "rhel-8-x86_64"]);
    expect(missing).toEqual({ exitCode: 1, stdout: "Chroot config /etc/mock/rhel-8-x86_64.cfg not found\n", stderr: "" });
  } finally {
    await machine.close();
  }
});

test("patterns fit as Python's fnmatch sees them", async () => {
  const patterns = [
    "*",
    "rhel-*",
    "rhel-?-*",
    "[a-c]x",
    "[!a-c]x",
    "[]]x",
    "[!]",
    "[",
    "[]",
    "a[",
    "*.*",
    "",
    "a*b*c",
    "\\*",
    "[a-]x",
    "[!]]x",
    "**a",
  ];
  const names = [
    "",
    "rhel-9-x86_64",
    "rhel-10-x86_64",
    "ax",
    "dx",
    "]x",
    "[",
    "[]",
    "[!]",
    "a[",
    ".a",
    "abc",
    "aXbXc",
    "a/b/c",
    "\\x",
    "-x",
    "ü",
  ];
  const pairs = patterns.flatMap((pattern) => names.map((name) => [name, pattern] as const));
  const answers = await askPython<boolean[]>("import fnmatch\nanswer = [fnmatch.fnmatch(n, p) for n, p in given]", pairs);
  expect(pairs.map(([name, pattern]) => [name, pattern, matchesPattern(name, pattern)])).toEqual(
    pairs.map(([name, pattern], index) => [name, pattern, answers[index]]),
  );
  expect(matchesPattern("a".repeat(2000), `${"*a".repeat(200)}b`)).toBe(false);
});
