import type { HelpConfiguration } from "commander";

/** How Commander is to show the parts of a help. */
export type HelpStyle = Pick<HelpConfiguration, "styleTitle" | "styleCommandText" | "styleOptionTerm" | "styleSubcommandTerm">;

/** For pipes, files, and who wants no colour. */
export const plainHelp: HelpStyle = {};

/** Headings and the words to type stand out. The library is loaded only where that shows. */
export async function helpStyle(hasColor: boolean): Promise<HelpStyle> {
  if (!hasColor) return plainHelp;
  const { Chalk } = await import("chalk");
  // Whether there is colour has been decided; the sixteen of every terminal are enough.
  const chalk = new Chalk({ level: 1 });
  return {
    styleTitle: (text) => chalk.bold(text),
    styleCommandText: (text) => chalk.bold(text),
    styleOptionTerm: (text) => chalk.cyan(text),
    styleSubcommandTerm: (text) => chalk.cyan(text),
  };
}
