import { allOptions, type CommandDoc, type ProgramDoc } from "./command-tree.ts";
import type { CompanionDoc } from "./companions.ts";
import { schemaFile } from "./json-schemas.ts";

/** The page that says for every command which formats it has, and where the schemas of its data are. */
export function formatsTable(
  programs: readonly ProgramDoc[],
  companions: readonly CompanionDoc[],
  schemas: ReadonlyMap<string, string>,
): string {
  const row = (words: string, command: CommandDoc): string => {
    const formats = formatsOf(command);
    const links = ["json", "jsonl"]
      .filter((format) => formats.includes(format))
      .map((format) => `[${format}](${schemaFile(words.replace(" ", "-"), format)})`);
    return `| \`${words}\` | ${formats.join(", ") || "text"} | ${links.join(", ") || "–"} |`;
  };
  const rows = [
    ...programs.flatMap(({ name, commands }) => commands.map((command) => row(`${name} ${command.name}`, command))),
    ...companions.flatMap(({ name, command }) => (command && formatsOf(command).length > 0 ? [row(name, command)] : [])),
  ];
  const others = [...schemas.keys()].filter((file) => !file.startsWith("copr-") && file !== "hook.schema.json");
  return [
    "# What the commands print as data",
    "",
    "Every command that prints something takes `--output-format`, `--json` for short, and `--fields` to choose and order fields. " +
      "`json` is one document, `jsonl` one object a line, written as soon as it is known. These are the JSON Schemas of both, " +
      "made from the types in the code; a frontend newer than they may send more fields and states.",
    "",
    `With \`json\` or \`jsonl\` an error is one line of JSON on standard error: ${others.map((file) => `[its schema](${file})`).join(", ")}.`,
    "",
    "The programs that copr-builder tells of each task read one object: [its schema](hook.schema.json).",
    "",
    "| command | formats | schemas |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function formatsOf(command: CommandDoc): readonly string[] {
  return allOptions(command).find(({ flags }) => flags.includes("--output-format"))?.choices ?? [];
}
