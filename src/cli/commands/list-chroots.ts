import { Command } from "commander";
import { listMockChroots } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";

/** `list-chroots`: what one can build for. */
export function listChroots(context: Context): Command {
  return new Command("list-chroots")
    .helpGroup("Chroots:")
    .summary("list the chroots one can build for")
    .addHelpText("after", "\nExample:\n  copr-cli list-chroots | grep fedora")
    .action(async () => {
      const chroots = await listMockChroots(await context.transport());
      const lines = Object.entries(chroots).map(([name, comment]) => `${name}\n${indent(comment)}`);
      context.terminal.out(cleanText(lines.join("")));
    });
}

function indent(comment: string | null): string {
  if (!comment) return "";
  return comment
    .split("\n")
    .map((line) => `    ${line}\n`)
    .join("");
}
