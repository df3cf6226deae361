import { SpecError } from "./spec-error.ts";

/** The `%if … %endif` around a line. */
export interface Conditions {
  /** Whether lines count here. */
  readonly isActive: boolean;
  /** Whether all that was opened is closed. */
  readonly isOutside: boolean;
  /** Acts on a line; false if it is none of a condition. Throws SpecError for an `%else` or `%endif` of nothing. */
  read(line: string): boolean;
}

/** Decides a condition from its keyword without `el`, such as `if` or `ifnarch`, and what follows. */
export type Decide = (keyword: string, text: string) => boolean;

interface Branch {
  isActive: boolean;
  /** This or an earlier branch was chosen, or none may be. */
  isDecided: boolean;
  isElse: boolean;
}

/** Keywords that begin or change a condition. */
const keyword = /^\s*%(ifn?arch|ifn?os|if|elifarch|elifos|elif|else|endif)(?=\s|$)/;

export function createConditions(decide: Decide): Conditions {
  const branches: Branch[] = [];
  const isActive = (): boolean => branches.at(-1)?.isActive ?? true;

  const innermost = (word: string): Branch => {
    const branch = branches.at(-1);
    if (!branch || (branch.isElse && word !== "endif")) throw new SpecError(`The spec file has a %${word} without %if`);
    return branch;
  };
  const open = (word: string, text: string): void => {
    const isChosen = isActive() && decide(word, text);
    branches.push({ isActive: isChosen, isDecided: isChosen || !isActive(), isElse: false });
  };
  const change = (word: string, text: string): void => {
    const branch = innermost(word);
    branch.isActive = !branch.isDecided && (word === "else" || decide(word.replace("el", ""), text));
    branch.isDecided ||= branch.isActive;
    branch.isElse = word === "else";
  };

  return {
    get isActive() {
      return isActive();
    },
    get isOutside() {
      return branches.length === 0;
    },
    read(line) {
      const match = line.includes("%") ? keyword.exec(line) : null;
      if (!match) return false;
      const word = match[1] as string;
      const text = line.slice(match[0].length).replaceAll("\\\n", " ");
      if (word === "endif") {
        innermost(word);
        branches.pop();
      } else if (word.startsWith("el")) change(word, text);
      else open(word, text);
      return true;
    },
  };
}
