import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { makeSrpm, specText } from "../support/builder-host.ts";
import { bin } from "../support/program.ts";
import { makeShellHome, type ShellHome } from "../support/shell-home.ts";
import type { TerminalOptions } from "../support/terminal-run.ts";

// Accounts, many at once, a project as a file, and builds done here again: every command of these once, at a Copr that builds.

const CHROOT = "fedora-43-x86_64";
let directory: string;
let sandbox: Sandbox;
let home: ShellHome;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-act-"));
  sandbox = await startSandbox({ directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host", username: "alice" });
  home = await makeShellHome(directory, {
    COPR_BUILDER_CONFIG: sandbox.builderConfig,
    COPR_DISTGIT_CLIENT_CONFDIR: sandbox.distGitConfigDirectory,
  });
  const files = {
    "block.txt": sandbox.configText,
    "base.spec": specText("base", "true"),
    "app.spec": specText("app", "true"),
    "broken.spec": specText("broken", "echo 'int main(void) { retrun 0; }' > main.c\ngcc -c main.c"),
    "slow.spec": specText("slow", "sleep 600"),
    "batch.yaml": "packages:\n  - {source: app.spec, after: [base]}\n  - base.spec\n",
    "checkout/here.spec": specText("here", "true"),
  };
  await mkdir(join(home.work, "checkout"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(home.work, name), text);
  await cp(await makeSrpm(directory, "packed"), join(home.work, "packed-1-1.src.rpm"));
});
afterAll(async () => {
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

interface Expected {
  exit?: number;
  /** What is to be told, on either stream. */
  told?: string | RegExp;
  steps?: TerminalOptions["steps"];
}

/** Types a line, and looks at what becomes of it. */
async function type(line: string, { exit = 0, told = "", steps }: Expected = {}): Promise<string> {
  const outcome = await home.run(line, steps);
  const all = outcome.stdout + outcome.stderr;
  expect([line, outcome.exit], all).toEqual([line, exit]);
  expect(all, line).toMatch(told instanceof RegExp ? told : new RegExp(told.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)));
  return outcome.stdout;
}

test("an account", { timeout: 180_000 }, async () => {
  const paste = [{ until: "(nothing of it is shown): " }, { type: sandbox.configText.replaceAll("\n", "\r") }];
  await type("copr-cli auth-status --all", { told: "There is no configuration" });
  await type("copr-cli login --with-token <block.txt", { told: `You are alice at ${sandbox.url}.` });
  await type(`copr-cli login --instance here --url ${sandbox.url}`, { steps: paste, told: "You are alice" });
  await type("copr-cli auth-status", { told: "alice" });
  await type("copr-cli auth-status --check --days 14");
  await type("copr-cli auth-status --check --days 400", { exit: 8 });
  await type("copr-cli auth-status --all", { told: /here[^]*here/ });
  await type("copr-cli doctor", { told: "accepts the API token of alice" });
  await type("copr-cli logout --instance here", { told: "was removed" });
  await type("copr-cli doctor --instance here", { told: "There is no API token." });
});

test("many builds", { timeout: 240_000 }, async () => {
  await type(`copr-cli create tools --chroot ${CHROOT}`, { told: "New project was successfully created" });
  await type(`copr-cli create tools --chroot ${CHROOT}`, { exit: 1 });
  await type(`copr-cli create tools --chroot ${CHROOT} --exist-ok`);
  await type("copr-cli build-batch tools batch.yaml --yes --poll-interval 1", {
    told: /1 {2}base\n {2}2 {2}app\n[^]*Created builds: 1 2\n/,
  });
  await type("copr-cli build-batch tools batch.yaml --resume", { told: "base (build 1)" });
  await type("copr-cli build tools broken.spec --poll-interval 1", { exit: 4 });
  await type("copr-cli list-builds tools --status failed --package 'bro*' --limit 5 --since 2d", { told: /^3\s/ });
  await type(`copr-cli rebuild 3 --failed -r ${CHROOT} --poll-interval 1`, { exit: 4, told: "Created builds: 4" });
  await type("copr-cli build tools base.spec --after-success 3 --nowait", { exit: 4 });
  await type("copr-cli build tools base.spec --after-success 1 --nowait", { told: "Created builds: 5" });
  await type("copr-cli rebuild --project tools --all --dry-run", { told: "2 -> new build: app in alice/tools" });
  await type("copr-cli build tools slow.spec --nowait");
  await type("copr-cli rebuild --project tools --failed --package 'bro*' -r 'fedora-*' --nowait", { told: "Created builds: 7" });
  await type("copr-cli cancel 6", { told: "canceled" });
  await type("copr-cli build tools slow.spec --nowait");
  await type("copr-cli cancel --project tools --state pending --yes");
  await type("copr-cli cancel --project tools --yes");
});

test("a project as a file", async () => {
  await type("copr-cli export tools >copr.yaml");
  await type("copr-cli plan", { told: "Nothing differs in alice/tools." });
  const text = await readFile(join(home.work, "copr.yaml"), "utf8");
  await writeFile(
    join(home.work, "copr.yaml"),
    text.replace(/^ {2}app:\n(?: {4}.*\n)+/m, "").replace("enable_net: false", "enable_net: true"),
  );
  await type("copr-cli plan -f copr.yaml --exit-code", { exit: 8, told: "-enable_net: false\n+enable_net: true\n" });
  await type("copr-cli apply", { exit: 2 });
  await type("copr-cli apply -f copr.yaml --yes", { told: "settings/enable_net: changed" });
  await type("copr-cli apply --prune --yes", { told: "packages/app: deleted" });
  await type("copr-cli plan --exit-code");
});

test("builds done here again", { timeout: 240_000 }, async () => {
  await type(`copr-cli reproduce 1 -r ${CHROOT} --host --dry-run`, { told: "copr-builder" });
  await type("copr-cli reproduce 1 --host", { told: `Results: build-1-${CHROOT}` });
  await type("copr-cli reproduce 1 --host --keep --dest kept");
  await type(`copr-cli local-build tools -r ${CHROOT} --host packed-1-1.src.rpm --dest packed`);
  await type("copr-cli local-build tools --host checkout --dest here");
  const made = await Promise.all([`build-1-${CHROOT}`, "kept", "packed", "here"].map((name) => readdir(join(home.work, name))));
  for (const names of made) expect(names).toContain("builder-live.log");
});

test("and nothing is left", async () => {
  await type("copr-cli build tools slow.spec --nowait");
  await type("copr-cli delete tools", { exit: 1 });
  await type("copr-cli delete tools --cancel-builds", { told: "Project tools has been deleted." });
  await type("copr-cli logout", { told: "was removed" });
  await type("copr-cli create tools --chroot x", { exit: 7 });
});
