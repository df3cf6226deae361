import { expect, test } from "vitest";
import { allOptions, builderTree, cliTree, type CommandDoc } from "../../scripts/docs/command-tree.ts";
import { wordsOfExample } from "../support/example-words.ts";
import { bin, runProgram } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { webServer } from "../support/web-server.ts";

// Every command of both programs, by the first example of its help.

const AT_ONCE = 4;

/** The fields that a command's help names. */
function fieldsOf(command: CommandDoc): string[] {
  const option = allOptions(command).find(({ flags }) => flags.includes("--fields"));
  return option?.description.replace(/^.*commas: /s, "").split(", ") ?? [];
}

async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test("an unknown field is told as a line of JSON with the known ones, before anything is asked or done", { timeout: 120_000 }, async () => {
  const { url, requests } = await webServer((response) => response.writeHead(500).end());
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
  const runs = [
    ...(await cliTree()).commands.map((command) => ({ program: "copr-cli", command })),
    ...builderTree().commands.map((command) => ({ program: "copr-builder", command })),
  ].filter(({ command }) => fieldsOf(command).length > 0);
  expect(runs.length).toBeGreaterThan(60);
  await atOnce(runs, async ({ program, command }) => {
    const argv = [...wordsOfExample(program, command).filter((word) => word !== "--follow"), "--fields", "nosuch", "--json"];
    const { exit, stdout, stderr } =
      program === "copr-cli"
        ? await runCli({ argv, config, files: { "make-sources.sh": "#!/bin/sh\n" } })
        : await runProgram([...bin.builder, ...argv]).then(({ exitCode, ...out }) => ({ exit: exitCode, ...out }));
    expect([argv, exit, stdout], stderr).toEqual([argv, 2, ""]);
    expectSchema("error", stderr);
    const { error } = JSON.parse(stderr) as { error: { kind: string; message: string } };
    expect([argv, error.kind]).toEqual([argv, "usage"]);
    for (const field of fieldsOf(command)) expect(error.message).toContain(`'${field}'`);
  });
  expect(requests).toEqual([]);
});

test("where the text is no records, fields are refused without a format that has them", async () => {
  const { url, requests } = await webServer((response) => response.writeHead(500).end());
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
  const { exit, stdout, stderr } = await runCli({ argv: ["watch-build", "7", "--fields", "id"], config });
  expect([exit, stdout, stderr]).toEqual([2, "", expect.stringMatching(/^\nError: --fields .* --json or --output-format jsonl\n$/)]);
  expect(requests).toEqual([]);
});
