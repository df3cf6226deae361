/** What a macro stands for. */
export interface MacroDefinition {
  body: string;
  /** Options in getopt's spelling for a macro with parameters, such as `az:`; undefined for a plain one. */
  parameters: string | undefined;
}

/** The macros that are defined now. As in rpm a name has a stack of definitions, and `%undefine` uncovers the one before. */
export interface MacroTable {
  find(name: string): MacroDefinition | undefined;
  define(name: string, definition: MacroDefinition): void;
  /** Takes away the newest definition, or the given one. */
  undefine(name: string, definition?: MacroDefinition): void;
}

/** A table of plain macros to begin with. Values are expanded where they are used, so they may name one another. */
export function createMacroTable(macros: Iterable<readonly [name: string, definition: MacroDefinition | string]>): MacroTable {
  const stacks = new Map<string, MacroDefinition[]>();
  for (const [name, given] of macros) stacks.set(name, [typeof given === "string" ? { body: given, parameters: undefined } : given]);
  return {
    find: (name) => stacks.get(name)?.at(-1),
    define(name, definition) {
      const stack = stacks.get(name);
      if (stack) stack.push(definition);
      else stacks.set(name, [definition]);
    },
    undefine(name, definition) {
      const stack = stacks.get(name);
      const index = stack && definition ? stack.lastIndexOf(definition) : (stack?.length ?? 0) - 1;
      if (index >= 0) stack?.splice(index, 1);
    },
  };
}
