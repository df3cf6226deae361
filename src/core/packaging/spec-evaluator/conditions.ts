import { SpecError } from "./spec-error.ts";

/** What the conditions around a line make of it; in doubt when one of them can't be decided. */
type LineState = "counts" | "in doubt" | "does not count";

/** The `%if … %endif` around a line. */
export interface Conditions {
  readonly state: LineState;
  /** Whether all that was opened is closed. */
  readonly isOutside: boolean;
  /** Acts on a line; false if it is none of a condition. Throws SpecError for an `%else` or `%endif` of nothing. */
  read(line: string): boolean;
}

/**
 * Decides a condition from its keyword without `el`, such as `if` or `ifnarch`, and what follows; undefined when it can't.
 * One in a branch that is in doubt is itself read or not.
 */
export type Decide = (keyword: string, text: string, isDoubtful: boolean) => boolean | undefined;

interface Branch {
  state: LineState;
  /** What is left for the branches after this one: nothing once one was chosen, doubt once one could not be decided. */
  rest: LineState;
  isElse: boolean;
}

/** Keywords that begin or change a condition. */
const keyword = /^\s*%(ifn?arch|ifn?os|if|elifarch|elifos|elif|else|endif)(?=\s|$)/;

export function createConditions(decide: Decide): Conditions {
  const branches: Branch[] = [];
  const stateNow = (): LineState => branches.at(-1)?.state ?? "counts";

  const innermost = (word: string): Branch => {
    const branch = branches.at(-1);
    if (!branch || (branch.isElse && word !== "endif")) throw new SpecError(`The spec file has a %${word} without %if`);
    return branch;
  };
  /** The branch that has `left` to share out. */
  const choose = (left: LineState, decision: (isDoubtful: boolean) => boolean | undefined): Pick<Branch, "state" | "rest"> => {
    if (left === "does not count") return { state: left, rest: left };
    const isChosen = decision(left === "in doubt");
    if (isChosen === undefined) return { state: "in doubt", rest: "in doubt" };
    return isChosen ? { state: left, rest: "does not count" } : { state: "does not count", rest: left };
  };

  return {
    get state() {
      return stateNow();
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
      } else if (word.startsWith("el")) {
        const decision = (isDoubtful: boolean): boolean | undefined => word === "else" || decide(word.replace("el", ""), text, isDoubtful);
        Object.assign(innermost(word), choose(innermost(word).rest, decision), { isElse: word === "else" });
      } else branches.push({ ...choose(stateNow(), (isDoubtful) => decide(word, text, isDoubtful)), isElse: false });
      return true;
    },
  };
}
