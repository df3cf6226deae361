import type { BuildTask } from "../../core/task/build-task.ts";
import { parseBytes } from "../cost/amounts.ts";
import { matchesPattern } from "./pattern.ts";

/** What a rule of the host gives to tasks. */
export interface TaskGrant {
  /** Bytes of memory for all programs of the task together. */
  memory?: number;
  /** Share of the processors, from 1 to 10000; others have 100. */
  cpuWeight?: number;
  /** Seconds that the task may take at least, whatever its definition says. */
  timeLimit?: number;
  /** Words for the command lines of mock that build. */
  mockOptions?: readonly string[];
}

/** A rule for the tasks that fit all that it names. */
export interface TaskRule {
  tags: readonly string[];
  /** Shell patterns; undefined fits all. */
  owner?: string;
  package?: string;
  grant: TaskGrant;
}

/** What all rules that fit a task give it: of each thing what the last of them says, and the options of all. */
export function grantFor(rules: readonly TaskRule[], task: Pick<BuildTask, "tags" | "project_owner" | "package_name">): TaskGrant {
  const fitting = rules.filter(
    (rule) =>
      rule.tags.every((tag) => task.tags.includes(tag)) &&
      (rule.owner === undefined || matchesPattern(task.project_owner, rule.owner)) &&
      (rule.package === undefined || matchesPattern(task.package_name ?? "", rule.package)),
  );
  const grant: TaskGrant = {};
  for (const { grant: one } of fitting)
    Object.assign(grant, one, { mockOptions: [...(grant.mockOptions ?? []), ...(one.mockOptions ?? [])] });
  return grant;
}

/**
 * Reads the list `task_rules`. Throws what `wrong` makes of a sentence about the first entry that is not understood: a
 * rule that is passed over in silence would be a limit that nobody keeps.
 */
export function parseTaskRules(value: unknown, wrong: (what: string) => Error): TaskRule[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong("task_rules must be a list");
  return value.map((entry: unknown, index) => {
    const place = `entry ${index + 1} of task_rules`;
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) throw wrong(`${place} must be keys with values`);
    let rule: TaskRule = { tags: [], grant: {} };
    for (const [key, one] of Object.entries(entry)) {
      const known = Object.hasOwn(ruleKeys, key) ? ruleKeys[key] : undefined;
      if (!known) throw wrong(`${place} has a key '${key}' that is not known; there are ${Object.keys(ruleKeys).join(", ")}`);
      const part = known.read(one);
      if (!part) throw wrong(`${key} in ${place} must be ${known.expected}`);
      rule = { ...rule, ...part, grant: { ...rule.grant, ...part.grant } };
    }
    return rule;
  });
}

/** A key of a rule: what its value must be, and the part of a rule that it makes; undefined of one that is not that. */
interface RuleKey {
  expected: string;
  read(value: unknown): Partial<TaskRule> | undefined;
}

const ruleKeys: Readonly<Record<string, RuleKey>> = {
  tags: { expected: "a list of tags", read: (tags) => (isTexts(tags) ? { tags } : undefined) },
  owner: { expected: "a pattern of names of owners", read: (owner) => (typeof owner === "string" ? { owner } : undefined) },
  package: { expected: "a pattern of names of packages", read: (one) => (typeof one === "string" ? { package: one } : undefined) },
  memory: {
    expected: "an amount of memory such as 8 GiB, and not less than 1 MiB",
    read(value) {
      const memory = parseBytes(String(value));
      return memory !== undefined && memory >= LEAST_MEMORY ? { grant: { memory } } : undefined;
    },
  },
  cpu_weight: {
    expected: "a whole number from 1 to 10000",
    read: (cpuWeight) => (isWhole(cpuWeight, 10_000) ? { grant: { cpuWeight } } : undefined),
  },
  time_limit: {
    expected: "a number of seconds",
    read: (timeLimit) => (isWhole(timeLimit, Number.MAX_SAFE_INTEGER) ? { grant: { timeLimit } } : undefined),
  },
  mock_options: {
    expected: "a list of words, the first an option",
    read: (mockOptions) => (isCommandLine(mockOptions) ? { grant: { mockOptions } } : undefined),
  },
};

const LEAST_MEMORY = 1024 ** 2;

function isWhole(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

function isCommandLine(value: unknown): value is string[] {
  return isTexts(value) && value[0]?.startsWith("-") !== false && !value.some((word) => word.includes("\0"));
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
