import { CoprError } from "../errors.ts";

/** A syntax error of an INI file, worded as Python's ConfigParser words it. */
export class IniError extends CoprError {}

export interface IniOptions {
  /** Name of the file for messages. */
  source?: string;
  /** `true`: `%(key)s` and `%%` are expanded, as ConfigParser does; `false`: as RawConfigParser. */
  interpolate?: boolean;
}

/** Sections of an INI file; `get` looks into `[DEFAULT]` too. */
export interface Ini {
  sections(): string[];
  has(section: string): boolean;
  /** Value of a key (case-insensitive); undefined when absent. Throws IniError on bad interpolation. */
  get(section: string, key: string): string | undefined;
}

const DEFAULT_SECTION = "DEFAULT";
const MAX_INTERPOLATION_DEPTH = 10;
const SECTION = /^\[(.+)\]/s;
const OPTION = /^(.*?)\s*(?:[=:]\s*(.*))$/s;

/**
 * Reads the dialect of Python's ConfigParser, which upstream's client uses: `=` and `:`, keys without case,
 * whole-line comments only, indented lines continue the value before, duplicates are errors.
 */
export function parseIni(text: string, { source = "<string>", interpolate = true }: IniOptions = {}): Ini {
  const sections = new Map<string, Map<string, string[]>>();
  let current: Map<string, string[]> | undefined;
  let sectionName = "";
  let value: string[] | undefined;
  let valueIndent = 0;

  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const where = `file: '${source}', line: ${index + 1}`;
    const lineNumber = String(index + 1).padStart(2);
    const trimmed = line.trim();
    if (/^[#;]/.test(trimmed)) continue;
    if (trimmed === "") {
      value?.push("");
      continue;
    }
    const indent = line.length - line.trimStart().length;
    if (value && current && indent > valueIndent) {
      value.push(trimmed);
      continue;
    }
    valueIndent = indent;
    const header = SECTION.exec(trimmed);
    if (header) {
      const name = header[1] as string;
      if (sections.has(name) && name !== DEFAULT_SECTION) {
        throw new IniError(`While reading from '${source}' [line ${lineNumber}]: section '${name}' already exists`);
      }
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      sectionName = name;
      value = undefined;
      continue;
    }
    if (!current) throw new IniError(`File contains no section headers. ${where}`);
    const option = OPTION.exec(trimmed);
    const key = option?.[1]?.toLowerCase();
    if (!option || !key) throw new IniError(`Source contains parsing errors: '${source}' [line ${index + 1}]`);
    if (current.has(key)) {
      throw new IniError(`While reading from '${source}' [line ${lineNumber}]: option '${key}' in section '${sectionName}' already exists`);
    }
    value = [option[2] ?? ""];
    current.set(key, value);
  }

  const raw = (section: string, key: string): string | undefined => {
    const lines = sections.get(section)?.get(key) ?? sections.get(DEFAULT_SECTION)?.get(key);
    return lines?.join("\n").trimEnd();
  };
  return {
    sections: () => [...sections.keys()].filter((name) => name !== DEFAULT_SECTION),
    has: (section) => section !== DEFAULT_SECTION && sections.has(section),
    get(section, key) {
      const found = raw(section, key.toLowerCase());
      if (found === undefined || !interpolate) return found;
      return expand(found, (name) => raw(section, name.toLowerCase()), key, 1);
    },
  };
}

/**
 * Sets keys of a section in the text of an INI file, and keeps every other line as it is: comments, order, spacing.
 * A key the section lacks is added at its start; one whose value is undefined is removed. A section that is not there is
 * added at the end.
 */
export function setIniValues(text: string, section: string, values: Readonly<Record<string, string | undefined>>): string {
  const missing = new Map(Object.entries(values));
  const lines: string[] = [];
  let header = -1;
  let isInside = false;
  let value: { indent: number; isReplaced: boolean } | undefined;
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    const indent = line.length - line.trimStart().length;
    if (trimmed === "" || /^[#;]/.test(trimmed)) {
      lines.push(line);
    } else if (value && indent > value.indent) {
      if (!value.isReplaced) lines.push(line);
    } else if (SECTION.test(trimmed)) {
      isInside = SECTION.exec(trimmed)?.[1] === section;
      if (isInside) header = lines.length;
      lines.push(line);
      value = undefined;
    } else {
      const replaced = isInside ? replaceValue(line, missing) : undefined;
      lines.push(...(replaced ?? [line]));
      value = { indent, isReplaced: replaced !== undefined };
    }
  }
  const added = [...missing].flatMap(([key, text]) => (text === undefined ? [] : [`${key} = ${escapeIniValue(text)}`]));
  if (header === -1) return added.length === 0 ? text : withSection(text, section, added);
  // Less indented than the line below it, a new line would take that one in as a part of its value.
  const below = lines.slice(header + 1).find((line) => /^\s*[^\s#;]/.test(line));
  const indent = /^\s*/.exec(below ?? "")?.[0] ?? "";
  lines.splice(header + 1, 0, ...added.map((line) => `${indent}${line}`));
  return lines.join("\n");
}

function withSection(text: string, section: string, lines: readonly string[]): string {
  const before = text.trim() === "" ? text : `${text.replace(/\n?$/, "\n")}\n`;
  return `${before}[${section}]\n${lines.map((line) => `${line}\n`).join("")}`;
}

/**
 * The line with the value its key has among the values, which is taken from them, or no line where that is undefined;
 * undefined for another key.
 */
function replaceValue(line: string, values: Map<string, string | undefined>): string[] | undefined {
  const [, start = "", key = ""] = /^(\s*([^=:]*?)\s*[=:][ \t]*)/.exec(line) ?? [];
  const name = key.toLowerCase();
  if (!values.has(name)) return undefined;
  const value = values.get(name);
  values.delete(name);
  return value === undefined ? [] : [start + escapeIniValue(value) + (line.endsWith("\r") ? "\r" : "")];
}

/** A value as it stands in a file: `%` begins an interpolation. Throws IniError for what would be more than one line. */
function escapeIniValue(value: string): string {
  if (/[\r\n]/.test(value)) throw new IniError("A value with a line break has no place in an INI file");
  return value.replaceAll("%", "%%");
}

function expand(value: string, lookUp: (key: string) => string | undefined, key: string, depth: number): string {
  if (!value.includes("%")) return value;
  if (depth > MAX_INTERPOLATION_DEPTH) throw new IniError(`Value of '${key}' refers to itself`);
  return value.replace(/%(?:(%)|\((.*?)\)s)?/g, (match, percent: string | undefined, name: string | undefined, at: number) => {
    if (percent) return "%";
    if (name === undefined) {
      throw new IniError(`Bad configuration file: '%' must be followed by '%' or '(', found: '${value.slice(at, at + 2)}'`);
    }
    const referred = lookUp(name);
    if (referred === undefined) throw new IniError(`Value of '${key}' refers to '${name}', which is not set (${match})`);
    return expand(referred, lookUp, name, depth + 1);
  });
}
