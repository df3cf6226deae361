import { doubtfulMacro, type MacroTable } from "./macro-table.ts";
import { createTagList, identityTags, type PreambleTags, readTag, type TagList } from "./tags.ts";
import { dependsOnUnknown, OPTIONAL } from "./unknown.ts";
import { section, type Surroundings, walkSpec } from "./walk.ts";

/**
 * Reads the main package's preamble from the logical lines of a spec file without running anything of it. What depends on the
 * output of a program, or on a condition that can't be decided, is not understood: see PreambleTags. Throws SpecError, and
 * nothing else, for a spec file that can't be read so.
 */
export function readPreamble(lines: readonly string[], surroundings: Surroundings): PreambleTags {
  const tags = createTagList();
  walkSpec(lines, surroundings, (table) => ({
    line(line, isDoubtful) {
      if (!line.includes("%") || !section.test(line)) readLine(line, { table, tags, isDoubtful });
      // There the preamble ends.
      else if (!isDoubtful) return false;
      return true;
    },
    optional: (text) => noteOptional(text, { table, tags }),
  }));
  return tags.collected;
}

interface LineReader {
  table: MacroTable;
  tags: TagList;
  /** The line may count or not. */
  isDoubtful: boolean;
}

function readLine(line: string, reader: LineReader): void {
  const { table, tags, isDoubtful } = reader;
  const tag = readTag(line);
  if (!tag) return isUnderstood(line) ? undefined : doubtEverything(reader);
  if (isDoubtful) tags.doubt(tag.name);
  else tags.add(tag.name, tag.value);
  defineIdentity(table, tag, isDoubtful);
}

/** A spec file can use what its package is called as macros. */
export function defineIdentity(table: MacroTable, { name, value }: { name: string; value: string }, isDoubtful: boolean): void {
  if (!identityTags.has(name)) return;
  const definition = isDoubtful ? doubtfulMacro : { body: value, parameters: undefined };
  for (const macro of [name, name.toUpperCase()]) table.define(macro, definition);
}

/** A line without a tag: empty, a comment, or nothing but texts that were noted. */
export function isUnderstood(line: string): boolean {
  const text = line.replaceAll(OPTIONAL, "").trim();
  return text === "" || text.startsWith("#") || !(dependsOnUnknown(text) || text.length < line.trim().length);
}

/** A line that is not understood may be any tag, or several, and may come from what defines macros. */
function doubtEverything({ table, tags }: LineReader): void {
  tags.doubtAll();
  table.doubtUndefined();
}

/** Lines that are perhaps there, as from `%{?unsure:Epoch: 1}`. */
function noteOptional(text: string, reader: Omit<LineReader, "isDoubtful">): boolean {
  const lines = text.split("\n");
  if (!lines.every((line) => readTag(line) || isUnderstood(line))) return false;
  for (const line of lines) readLine(line, { ...reader, isDoubtful: true });
  return true;
}
