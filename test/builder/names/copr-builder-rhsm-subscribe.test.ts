import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { nameOfBuilder, type Outcome, runProgram } from "../../support/program.ts";
import { hasPrivateMachines, startPrivateMachine } from "../../support/private-machine.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let directory: string;
/** A stand-in for subscription-manager's package, which tells what it was called with and who could see it; fails the first time. */
beforeEach(async () => {
  directory = await temporaryDirectory();
  await mkdir(join(directory, "subscription_manager/scripts"), { recursive: true });
  for (const name of ["", "scripts/"]) await writeFile(join(directory, "subscription_manager", name, "__init__.py"), "");
  const main = `import os, sys
def main():
    seen = open("/proc/self/cmdline").read() + open("/proc/self/environ").read()
    again = os.path.exists("${directory}/tried")
    open("${directory}/tried", "w").write("")
    print(sys.argv, "s3cret" in seen)
    return 0 if again else 70
`;
  await writeFile(join(directory, "subscription_manager/scripts/subscription_manager.py"), main);
});

const subscribe = (...words: string[]): Promise<Outcome> =>
  runProgram([...nameOfBuilder("copr-builder-rhsm-subscribe"), ...words], { stdin: " s3cret\n", env: { PYTHONPATH: directory } });
const called = "['subscription-manager', 'register', '--force', '--org', 'o', '--name', 'n', '--activationkey', 's3cret'] False\n";

test("registers with a key that nobody else sees, and ends as subscription-manager does", async () => {
  expect(await subscribe("--org-id", "o", "--system-name", "n")).toEqual({ exitCode: 70, stdout: called, stderr: "" });
  expect(await subscribe("--org-id=o", "--system-name=n")).toEqual({ exitCode: 0, stdout: called, stderr: "" });
  expect((await subscribe("--org-id", "o")).exitCode).toBe(2);
});

test("the daemon's wrong calls", async () => {
  const { exitCode, stdout, stderr } = await runProgram([...nameOfBuilder("copr-builder-rhsm-subscribe-daemon"), "o"]);
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^Usage: /);
});

test.skipIf(!hasPrivateMachines)("the daemon tries until it works (needs a mount namespace)", async () => {
  const machine = await startPrivateMachine();
  try {
    const argv = [...nameOfBuilder("copr-builder-rhsm-subscribe-daemon"), "o", "n"];
    const outcome = await machine.run(argv, { stdin: "s3cret", env: { PYTHONPATH: directory } });
    expect(outcome).toEqual({ exitCode: 0, stdout: called + called, stderr: "" });
    expect(await readFile(machine.path("/run/copr-builder/rhsm-subscribed"), "utf8")).toBe("");
  } finally {
    await machine.close();
  }
});
