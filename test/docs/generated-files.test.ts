import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allOptions, builderTree, cliTree } from "../../scripts/docs/command-tree.ts";
import { generatedFiles, repository } from "../../scripts/docs/generated-files.ts";
import { schemaFile } from "../../scripts/docs/json-schemas.ts";
import { withCommandOverview } from "../../scripts/docs/readme.ts";

test.each([...(await generatedFiles())])("%s is what the command trees make of it", (path, content) => {
  const target = join(repository, path);
  expect(existsSync(target) ? readFileSync(target, "utf8") : "", `${path} is stale: run 'npm run docs'`).toBe(content);
});

// What copr-cli's commands tell of themselves is tested in test/cli/commands.test.ts.
test.each(builderTree().commands.map((command) => [command.name, command] as const))("copr-builder %s explains itself", (name, command) => {
  expect(command.summary).toMatch(/^[a-z].*[^.]$/);
  expect([...command.arguments, ...allOptions(command)].filter(({ description }) => description === "")).toEqual([]);
  expect(command.examples.length).toBeGreaterThan(0);
  for (const example of command.examples) expect(example).toMatch(new RegExp(`^copr-builder ${name}\\b`));
});

test("whatever a command prints as data has its schema, and a row in the table of docs/json", async () => {
  const table = readFileSync(join(repository, "docs/json/README.md"), "utf8");
  const lacking: string[] = [];
  for (const { name: program, commands } of [await cliTree(), builderTree()]) {
    for (const command of commands) {
      const formats = allOptions(command).find(({ flags }) => flags.includes("--output-format"))?.choices ?? [];
      if (!table.includes(`| \`${program} ${command.name}\` | ${formats.join(", ") || "text"} |`))
        lacking.push(`${command.name} in the table`);
      for (const format of formats.filter((one) => one.startsWith("json"))) {
        const file = schemaFile(`${program}-${command.name}`, format);
        if (!existsSync(join(repository, "docs/json", file))) lacking.push(file);
      }
    }
  }
  expect(lacking).toEqual([]);
});

test("a command of copr-cli without data is one that has nothing to tell", async () => {
  const silent = (await cliTree()).commands.filter((command) => allOptions(command).every(({ flags }) => !flags.includes("--json")));
  expect(silent.map(({ name }) => name)).toEqual([]);
});

describe("the README's overview", () => {
  const readme = "# Title\n\n<!-- commands:begin -->\nold\n<!-- commands:end -->\n\nThe rest.\n";

  test("replaces what stands between the markers, and nothing else", () => {
    const fresh = withCommandOverview(readme, [builderTree()]) ?? "";
    expect(fresh).toMatch(/^# Title\n\n<!-- commands:begin -->\n\n\| /);
    expect(fresh).toMatch(/\|\n\n<!-- commands:end -->\n\nThe rest\.\n$/);
    expect(fresh).not.toContain("old");
    expect(fresh).toContain("| `copr-builder` | `run [task_id]` | do one task: make a source package, or build packages in a chroot |");
    expect(withCommandOverview(fresh, [builderTree()])).toBe(fresh);
  });

  test("leaves a README without markers alone", () => {
    expect(withCommandOverview("# Title\n", [builderTree()])).toBeUndefined();
    expect(withCommandOverview("<!-- commands:begin -->\n", [builderTree()])).toBeUndefined();
  });
});
