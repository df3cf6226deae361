import { allOptions, type ProgramDoc } from "./command-tree.ts";
import { schemaFile } from "./json-schemas.ts";

/** The page that says for every command which formats it has, and where the schemas of its data are. */
export function formatsTable(programs: readonly ProgramDoc[], schemas: ReadonlyMap<string, string>): string {
  const rows = programs.flatMap(({ name, commands }) =>
    commands.map((command) => {
      const formats = allOptions(command).find(({ flags }) => flags.includes("--output-format"))?.choices ?? [];
      const links = ["json", "jsonl"]
        .filter((format) => formats.includes(format))
        .map((format) => `[${format}](${schemaFile(name, command.name, format)})`);
      return `| \`${name} ${command.name}\` | ${formats.join(", ") || "text"} | ${links.join(", ") || "–"} |`;
    }),
  );
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
