import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cliTree } from "../../scripts/docs/command-tree.ts";
import { makeSrpm, specText } from "../support/builder-host.ts";
import { specOf } from "../support/batch-specs.ts";
import { exampleWorld, FAILED_LOG } from "../support/example-world.ts";
import { makeShellHome, type ShellOutcome } from "../support/shell-home.ts";
import type { TerminalOptions } from "../support/terminal-run.ts";
import { isInstalled } from "./installed.ts";

// The examples of the helps, which are those of the manual, typed into a shell: each with a frontend and a directory of its own.

const prose = await readFile(new URL("../../man/copr-cli.prose.md", import.meta.url), "utf8");
const lines = [...(await cliTree()).commands.flatMap(({ examples }) => examples), ...prose.split("\n")].filter((line) =>
  /^(sudo |[\w' ]+(\||&&) )?copr-cli \S/.test(line),
);
const isRun = (line: string): boolean => !(line in leftOut) && (isInstalled("jq") || !line.includes("| jq"));

/** What no test can do, and why. */
const leftOut: Readonly<Record<string, string>> = {
  "sudo copr-cli repo @copr/copr-dev --install": "writes below /etc",
  "copr-cli reproduce 1234567": "needs mock",
  "copr-cli reproduce 1234567 -r fedora-rawhide-x86_64 --dest again": "needs mock",
  "copr-cli local-build hello": "needs mock",
  "copr-cli local-build @copr/copr-dev -r fedora-rawhide-x86_64 hello-1.0-1.src.rpm": "needs mock",
};

/** Those that end otherwise than with 0. */
const exits: Readonly<Record<string, number>> = {
  "copr-cli plan -f tools.yaml --exit-code": 8,
};

const yes: TerminalOptions["steps"] = [{ until: "[y/n]" }, { type: "yes\r" }];
/** What a person does, where one is asked. */
const answers: Readonly<Record<string, (block: string) => TerminalOptions["steps"]>> = {
  "copr-cli login": paste,
  "copr-cli login --instance staging --url https://copr.stg.fedoraproject.org": paste,
  "copr-cli new-webhook-secret hello": () => yes,
  "copr-cli apply": () => yes,
  "copr-cli build-batch hello *.src.rpm": () => yes,
  "copr-cli build-batch @copr/copr-dev --stop-on-failure --retry 1 batch.yaml": () => yes,
  "copr-cli build-batch hello --resume batch.yaml": () => yes,
  "copr-cli board hello --watch -r 'fedora-*'": () => [{ until: "hello" }, { type: "q" }],
};
function paste(block: string): TerminalOptions["steps"] {
  return [{ until: "(nothing of it is shown): " }, { type: block.replaceAll("\n", "\r") }];
}

let directory: string;
let files: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-examples-"));
  files = join(directory, "files");
  await mkdir(join(files, "hello"), { recursive: true });
  await mkdir(join(files, "results/fedora-rawhide-x86_64"), { recursive: true });
  for (const name of ["hello", "needs-hello"]) await cp(await makeSrpm(directory, name), join(files, `${name}-1.0-1.src.rpm`));
  await cp(join(files, "needs-hello-1.0-1.src.rpm"), join(files, "needs-hello-1-1.src.rpm"));
  await rm(join(files, "needs-hello-1.0-1.src.rpm"));
  const project = 'project: "@copr/copr-dev"\nsettings: {description: Ours.}\nchroots:\n  fedora-43-x86_64:\n  fedora-rawhide-x86_64:\n';
  const texts = {
    "hello.spec": specOf({ name: "hello", requires: ["libhello"] }),
    "libhello.spec": specOf({ name: "libhello" }),
    "hello/hello.spec": specText("hello", "true"),
    "batch.yaml": "packages:\n  - hello.spec\n  - libhello.spec\n",
    "make-sources.sh": "#!/bin/sh\ntrue\n",
    "copr.yaml": project,
    "tools.yaml": project,
    "results/fedora-rawhide-x86_64/build.log": FAILED_LOG,
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(files, name), text);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs one at a frontend of its own. */
async function run(line: string, place: string): Promise<ShellOutcome> {
  await mkdir(place);
  const isDone = /watch-build|--after-success|download-build|--follow/.test(line);
  const isRunning = /copr-cli cancel|--cancel-builds/.test(line);
  const { sandbox, world } = await exampleWorld(join(place, "sandbox"), {
    state: isDone ? "succeeded" : isRunning ? "running" : "failed",
    isNew: line.includes("add-package"),
  });
  // Only where there is no choice a log needs no chroot.
  if (line.includes("--follow")) world.build(1234567).chroots.pop();
  if (/copr-cli create hello(?!.*--exist-ok)/.test(line)) world.removeProject(world.project("me", "hello"));
  try {
    const home = await makeShellHome(place, { BROWSER: "true", COPR_BUILDER_CONFIG: sandbox.builderConfig });
    await cp(files, home.work, { recursive: true });
    const config = join(home.directory, ".config");
    await mkdir(join(config, "copr.d"));
    for (const name of ["copr", "copr.d/staging"]) await writeFile(join(config, name), sandbox.configText, { mode: 0o600 });
    await writeFile(join(home.work, "block.txt"), sandbox.configText);
    const here = line.replace("https://copr.stg.fedoraproject.org", sandbox.url);
    return await home.run(here, answers[line]?.(sandbox.configText));
  } finally {
    await sandbox.close();
  }
}

const AT_ONCE = 3;

test("every example of the helps is run, but for those that no test can do", { timeout: 300_000 }, async () => {
  const todo = [...new Set(lines)].filter(isRun);
  expect(todo.length).toBeGreaterThan(90);
  for (const line of [...Object.keys(leftOut), ...Object.keys(exits), ...Object.keys(answers)]) expect(lines).toContain(line);
  const outcomes: (ShellOutcome & { line: string })[] = [];
  const waiting = todo.entries();
  const work = async (): Promise<void> => {
    for (const [at, line] of waiting) outcomes.push({ line, ...(await run(line, join(directory, `line${at}`))) });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const odd = outcomes.filter(({ line, exit, stderr }) => exit !== (exits[line] ?? 0) || /bug in copr-cli|usage:/.test(stderr));
  expect(odd).toEqual([]);
});
