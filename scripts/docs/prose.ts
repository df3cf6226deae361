import { definition, escapeCharacters, escapeText, example, literal, macro, placeholder, sentences } from "./roff.ts";

/**
 * A part of a man page that a person wrote. The files are Markdown, as far as a man page needs it:
 * `# SECTION`, `## subsection`, paragraphs, `- items`, fenced code, terms with `: explanations` below,
 * and within the lines `typed`, *replaced* and **strong** words.
 */
export interface ProseSection {
  title: string;
  roff: string[];
}

/** Reads a prose file; throws Error for a line before the first section. */
export function parseProse(markdown: string): ProseSection[] {
  const sections: ProseSection[] = [];
  for (const block of blocksOf(markdown.split("\n"))) {
    const title = /^# +(.*)/.exec(block[0] as string)?.[1];
    const section = sections.at(-1);
    if (title !== undefined) sections.push({ title, roff: [] });
    else if (section) section.roff.push(...blockToRoff(block));
    else throw new Error(`This line stands before the first section: ${block[0]}`);
  }
  return sections.map(({ title, roff }) => ({ title, roff: withoutParagraphAtTop(roff) }));
}

/** Blocks of lines between blank ones; a fence keeps its blank lines. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = [[]];
  let isCode = false;
  for (const line of lines) {
    if (line.startsWith("```")) isCode = !isCode;
    if (line.trim() === "" && !isCode) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((block) => block.length > 0);
}

/** A heading begins a paragraph itself, and mandoc complains about another one. */
function withoutParagraphAtTop(roff: string[]): string[] {
  return roff.filter((line, index) => line !== ".PP" || (index > 0 && !roff[index - 1]?.startsWith(".SS ")));
}

function blockToRoff(block: string[]): string[] {
  const [first = ""] = block;
  if (first.startsWith("```")) return example(block.slice(1, -1));
  if (first.startsWith("## ")) return [macro("SS", escapeText(first.slice(3)))];
  if (first.startsWith("- ")) return itemsOf(block, "- ").flatMap((item) => ['.IP "\\(bu" 2', ...sentences(inline(item))]);
  // Another paragraph of the explanation above.
  if (first.startsWith("  ")) return [".IP", ...sentences(inline(block.map((line) => line.trim()).join(" ")))];
  const explanation = block.findIndex((line) => line.startsWith(": "));
  if (explanation < 0) return [".PP", ...sentences(inline(block.join(" ")))];
  const [text, ...more] = itemsOf(block.slice(explanation), ": ").map((item) => sentences(inline(item)));
  const term = block.slice(0, explanation).join(", ");
  return [...definition(inline(term), text ?? []), ...more.flatMap((lines) => [".IP", ...lines])];
}

/** Items that begin with a mark; their further lines are indented. */
function itemsOf(lines: readonly string[], mark: string): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (line.startsWith(mark)) items.push(line.slice(mark.length));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return items;
}

function inline(text: string): string {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)/)
    .map((part) => {
      if (/^`.+`$/.test(part)) return literal(part.slice(1, -1));
      if (/^\*\*.+\*\*$/.test(part)) return `\\fB${escapeCharacters(part.slice(2, -2))}\\fR`;
      return /^\*.+\*$/.test(part) ? placeholder(part.slice(1, -1)) : escapeCharacters(part);
    })
    .join("");
}
