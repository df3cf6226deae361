import { CoprError } from "../../errors.ts";
import type { Macros } from "./architecture-macros.ts";
import type { MacroDefinition } from "./macro-table.ts";

/** Facts of distributions from outside: macro, and what it means for which targets. */
export interface MacroDatabase {
  /** The given macros, corrected for a target such as `fedora-43`. A target it does not know keeps them as they are. */
  applyTo(target: string, macros: Macros): Map<string, MacroDefinition | string>;
}

/**
 * Reads a macro override database: `{"name": [{"tags": ["fedora-43"], "definition": {"value", "params"} | null}]}`,
 * where null means that the macro is not defined there. Throws CoprError for any other shape.
 */
export function parseMacroDatabase(text: string): MacroDatabase {
  const entries = Object.entries(parseObject(text)).map(([name, list]) => [name, readList(list)] as const);
  const known = new Set(entries.flatMap(([, list]) => list.flatMap(({ tags }) => tags)));
  return {
    applyTo(target, macros) {
      const result = new Map<string, MacroDefinition | string>(Object.entries(macros));
      if (!known.has(target)) return result;
      for (const [name, list] of entries) {
        // Also one that is defined for others only: it must not be left from the table of ours. But the number by which
        // a distribution calls itself is sure; the database may come from an image without the package that has it.
        const ours = macros[name];
        if (typeof ours !== "string" || !/^\d+$/.test(ours)) result.delete(name);
        for (const { tags, definition } of list) if (definition && tags.includes(target)) result.set(name, definition);
      }
      return result;
    },
  };
}

interface Entry {
  tags: string[];
  definition: MacroDefinition | undefined;
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new CoprError("The macro override database is not a JSON object");
}

function readList(list: unknown): Entry[] {
  if (Array.isArray(list)) return list.map(readEntry);
  throw new CoprError("The macro override database has a macro without a list");
}

function readEntry(entry: unknown): Entry {
  if (isObject(entry) && Array.isArray(entry["tags"]) && entry["tags"].every((tag) => typeof tag === "string")) {
    const { tags, definition } = entry as { tags: string[]; definition: unknown };
    if (definition === null) return { tags, definition: undefined };
    if (isObject(definition) && typeof definition["value"] === "string") {
      const parameters = definition["params"];
      return { tags, definition: { body: definition["value"], parameters: typeof parameters === "string" ? parameters : undefined } };
    }
  }
  throw new CoprError("The macro override database has an entry of an unknown shape");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
