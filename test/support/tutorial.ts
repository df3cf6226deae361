/** A line that is typed, and what is to be seen afterwards. */
export interface Typed {
  command: string;
  expected: RegExp;
  exit: number;
}

/** A file that is to be written. */
export interface Written {
  file: string;
  text: string;
}

/**
 * Reads what a tutorial tells to do, in its order. In blocks of `console` a line `$ …` is typed; what follows is what one sees:
 * `…` stands for anything in a line, a line of it for any lines. A comment `<!-- exit 4 -->` before a block says how the last
 * line of it ends. Blocks of YAML whose first line is `# NAME` are files.
 */
export function readTutorial(markdown: string): (Typed | Written)[] {
  const blocks = markdown.matchAll(/(?:<!-- exit (\d+) -->\n\n)?```(console|yaml)\n([^]*?)```\n/g);
  return [...blocks].flatMap(([, exit = "0", language, text = ""]): (Typed | Written)[] => {
    if (language === "yaml") {
      const [, file = ""] = /^# (\S+)\n/.exec(text) ?? [];
      return [{ file, text: text.slice(text.indexOf("\n") + 1) }];
    }
    const typed = text.split(/^\$ /m).slice(1);
    return typed.map((one, index) => {
      const [command = "", ...lines] = one.trimEnd().split("\n");
      return { command, expected: patternOf(lines), exit: index === typed.length - 1 ? Number(exit) : 0 };
    });
  });
}

function patternOf(lines: readonly string[]): RegExp {
  const parts = lines.map((line) => (line === "…" ? "(?:.*\\n)*?" : `${line.split("…").map(escaped).join(".*")}\\n`));
  return new RegExp(`^${parts.join("")}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
