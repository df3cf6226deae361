import { between } from "./between.ts";
import type { CommandDoc, ProgramDoc } from "./command-tree.ts";
import type { CompanionDoc } from "./companions.ts";
import { groupBy } from "./group-by.ts";

/** The README with a fresh overview between its two markers; undefined when it has no place for one. */
export function withCommandOverview(
  readme: string,
  programs: readonly ProgramDoc[],
  others: readonly CompanionDoc[] = [],
): string | undefined {
  return between(readme, "commands", commandOverview(programs, others));
}

function commandOverview(programs: readonly ProgramDoc[], others: readonly CompanionDoc[]): string {
  const rows = programs.flatMap(({ name: program, commands }) =>
    [...groupBy(commands, ({ group }) => group)].flatMap(([group, members]) =>
      members.map((command, index) => row(index === 0 ? heading(program, group) : "", command)),
    ),
  );
  const more = others.map(({ name, summary, command }, index) =>
    row(index === 0 ? "Other programs" : "", { name, summary, arguments: command?.arguments ?? [] }),
  );
  return ["| | Command | |", "|---|---|---|", ...rows, ...more].join("\n");
}

function heading(program: string, group: string | undefined): string {
  return group === undefined ? `\`${program}\`` : group;
}

function row(title: string, { name, summary, arguments: positionals }: Pick<CommandDoc, "name" | "summary" | "arguments">): string {
  const words = positionals.map(({ name, isRequired, isVariadic }) => {
    const word = `${name}${isVariadic ? "..." : ""}`;
    return isRequired ? `<${word}>` : `[${word}]`;
  });
  return `| ${title} | \`${[name, ...words].join(" ")}\` | ${summary.replaceAll("|", "\\|")} |`;
}
