import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuilderHost, rpmTask, startBuilderHost } from "../support/builder-host.ts";
import { nameOfBuilder, type Outcome, output, runProgram } from "../support/program.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
  await mkdir(join(host.directory, "mock"));
  await writeFile(join(host.directory, "mock", "fedora-43-x86_64.cfg"), "");
  const keys = {
    state_dir: host.stateDirectory,
    mock_config_directory: `${host.directory}/mock`,
    rules_file: `${host.directory}/rules.yml`,
  };
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`);
  await writeFile(host.config, `[main]\nmin_free = 0\n${lines.join("")}`);
});
afterAll(() => host.close());

/** mock's configuration of a task with these tags. */
async function dump(rules: string, tags: string[]): Promise<Outcome> {
  await writeFile(join(host.directory, "rules.yml"), rules);
  const task = join(host.directory, "task.json");
  await writeFile(task, JSON.stringify(rpmTask({ url: "https://example.org/x", hash: "a" }, { tags })));
  const words = ["--config", host.config, "--dump-configs", "--drop-resultdir", "--chroot", "fedora-43-x86_64", "--task-file", task];
  return runProgram([...nameOfBuilder("copr-rpmbuild"), ...words]);
}

const rules = `
tags_to_mock_snippet:
  - tagset: [powerful, arch_x86_64]
    snippet: config_opts['one'] = 1
  - tagset: [other]
    snippet: config_opts['no'] = 1
  - tagset: []
    snippet: |
      config_opts['two'] = [
          2]
`;

test("snippets of the tags a task has go into its mock configuration", async () => {
  const { exitCode, stdout } = await dump(rules, ["arch_x86_64", "powerful", "more"]);
  expect(exitCode, stdout).toBe(0);
  const config = join(host.stateDirectory, "results", "configs", "child.cfg");
  const text = await readFile(config, "utf8");
  expect(text).toContain("\nconfig_opts['one'] = 1\nconfig_opts['two'] = [\n    2]\n");
  expect(text).not.toContain("'no'");
  await output(["python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", config]);
});

test("rules that can't be read fail the task with one sentence", async () => {
  const { exitCode, stdout } = await dump("tags_to_mock_snippet: 1", []);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/\nCopr build error: Cannot use the rules '.*rules.yml': tags_to_mock_snippet must be a list of [^\n]*\n$/);
});
