import { isOfMachine, tellsDistribution } from "./undefined-macros.ts";
import { UNKNOWN } from "./unknown.ts";

/** What a macro stands for. */
export interface MacroDefinition {
  body: string;
  /** Options in getopt's spelling for a macro with parameters, such as `az:`; undefined for a plain one. */
  parameters: string | undefined;
}

/** A macro that may be defined or not, as something else perhaps: a condition that can't be decided stands before it. */
export const doubtfulMacro: MacroDefinition = { body: UNKNOWN, parameters: undefined };

/** The macros that are defined now. As in rpm a name has a stack of definitions, and `%undefine` uncovers the one before. */
export interface MacroTable {
  find(name: string): MacroDefinition | undefined;
  /** Whether it can't be told what a name stands for, if for anything. */
  isDoubtful(name: string): boolean;
  define(name: string, definition: MacroDefinition): void;
  /** Takes away the newest definition, or the given one. Of a name in doubt nobody knows what that would uncover. */
  undefine(name: string, definition?: MacroDefinition): void;
  /** From here on names that are not defined may be: something that is not understood could have done it. */
  doubtUndefined(): void;
  /** The same for all names that are defined. */
  doubtDefined(concerns?: (name: string) => boolean): void;
}

/** A table of plain macros to begin with. Values are expanded where they are used, so they may name one another. */
export function createMacroTable(macros: Iterable<readonly [name: string, definition: MacroDefinition | string]>): MacroTable {
  const stacks = new Map<string, MacroDefinition[]>();
  let isAnythingPossible = false;
  for (const [name, given] of macros) stacks.set(name, [typeof given === "string" ? { body: given, parameters: undefined } : given]);
  return {
    find: (name) => stacks.get(name)?.at(-1),
    isDoubtful(name) {
      const definition = stacks.get(name)?.at(-1);
      if (definition) return definition === doubtfulMacro;
      return isOfMachine(name) || (isAnythingPossible && !tellsDistribution(name));
    },
    define(name, definition) {
      const stack = stacks.get(name);
      if (stack) stack.push(definition);
      else stacks.set(name, [definition]);
    },
    undefine(name, definition) {
      const stack = stacks.get(name);
      if (!stack || (!definition && stack.at(-1) === doubtfulMacro)) return;
      const index = definition ? stack.lastIndexOf(definition) : stack.length - 1;
      if (index >= 0) stack.splice(index, 1);
    },
    doubtUndefined: () => void (isAnythingPossible = true),
    doubtDefined(concerns = () => true) {
      for (const [name, stack] of stacks)
        if (stack.length > 0 && stack.at(-1) !== doubtfulMacro && concerns(name)) stack.push(doubtfulMacro);
    },
  };
}
