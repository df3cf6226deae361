import type { Category, Phase } from "./categories.ts";
import type { Rule } from "./rule.ts";

/** What keeps its category wherever it happens. */
const kept = new Set<Category>([
  "out-of-memory",
  "disk-full",
  "source-download",
  "source-corrupt",
  "scm-error",
  "spec-syntax",
  "spec-macro",
]);

function categoryOf(category: Category): Category {
  if (category === "network-in-build") return "source-download";
  return kept.has(category) ? category : "srpm-method";
}

const derived = new Map<Rule, Rule>();

/**
 * Scripts that make a source package run what builds run, too: Maven, npm, autoconf, a compiler. What is surely a failure there
 * is one here, but of the method. The rule itself where it knows the phase.
 */
export function ofMethod(rule: Rule, phase: Phase | null): Rule {
  if (phase !== "sources" || rule.phases === undefined || rule.phases.includes("sources") || !rule.phases.includes("build")) return rule;
  if (rule.certainty === "vague" || rule.onlyReports === true) return rule;
  let found = derived.get(rule);
  if (found === undefined) {
    // What the rules on source packages say comes first.
    found = { ...rule, category: categoryOf(rule.category), certainty: "likely", phases: ["sources"] };
    derived.set(rule, found);
  }
  return found;
}
