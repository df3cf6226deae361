import type { Category, Phase } from "./categories.ts";

/** How sure a rule is that its line is the cause, when the phase of its line failed. */
type Certainty =
  /** Nothing goes on after such a line, whatever else was printed: out of memory, disk full, a crashed compiler. */
  | "decisive"
  /** The text is that of a failure, and of this kind. */
  | "sure"
  /** The text is of a failure, but is often printed by what goes on all the same. */
  | "likely"
  /** Sounds like a failure. Looked at when nothing better is there. */
  | "vague";

export interface Rule {
  /** Unique, kebab-case. */
  name: string;
  category: Category;
  certainty: Certainty;
  /** The phases it is searched in; all of them when left out. */
  phases?: readonly Phase[];
  /** The phase that such a line proves, whatever the log said before. */
  proves?: Phase;
  /** The line alone says that the build failed, as a timeout does. */
  ends?: true;
  /** Plain texts of which one is in every such line, in any case of letters; lines without are never matched. */
  needles: string | readonly string[];
  /** Matched against the line without its prefixes (see line-text.ts). Named groups are the facts. */
  pattern: RegExp;
  /** What a line before it may tell: the nearest of the last 16 that matches adds its groups to the facts. */
  context?: RegExp;
  /** Lines that match this, too, are something else. */
  unless?: RegExp;
  /** Says only that a command failed: whatever that command said is better. */
  onlyReports?: true;
  /** Of several such lines in one command, which is the cause? "first" when left out. */
  which?: "first" | "last";
  /** Lines that belong to it: those of the next `within` that match, at most `max`. */
  follow?: {
    pattern: RegExp;
    within: number;
    max: number;
    /** The first of them says more than the line itself: it is shown before it, or instead of it. */
    leads?: "before" | "instead";
    /** Without such a line it is none of these. */
    isNeeded?: true;
  };
  /** One sentence that names the thing; null when there is nothing to advise. */
  advice: string | ((facts: Record<string, string>) => string) | null;
  /** An excerpt of a real log in the first of the phases (or `in`). The line of the cause begins with "=> ". */
  example: string;
  /** The phase the example is from, when the rule has no phases or the first one is not it. */
  in?: Phase;
}
