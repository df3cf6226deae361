import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { readInput } from "../../core/files/input.ts";
import { parseTaskRules, type TaskRule } from "./task-rules.ts";

/** Rules of a host about its tasks, from copr-rpmbuild.yml. */
export interface HostRules {
  /** Text for mock's configuration, for tasks that have all tags of the set. */
  snippets: readonly { tagset: readonly string[]; snippet: string }[];
  /** Patterns of the chroots that need a Red Hat subscription. */
  subscriptionChroots: readonly string[];
  /** What tasks are given beyond what all have. */
  taskRules: readonly TaskRule[];
}

const MAX_RULES_BYTES = 1024 * 1024;

/** Reads the rules; no file means no rules. Throws CoprError naming what is wrong with the file. */
export async function readHostRules(path: string): Promise<HostRules> {
  let text: string;
  try {
    text = (await readInput(path, MAX_RULES_BYTES)).toString();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { snippets: [], subscriptionChroots: [], taskRules: [] };
    throw new CoprError(`Cannot read the rules '${path}': ${describeFileError(error)}`, { cause: error });
  }
  const wrong = (what: string, cause?: unknown): CoprError => new CoprError(`Cannot use the rules '${path}': ${what}`, { cause });
  const rules = (await parseRules(text, wrong)) ?? {};
  if (!isObject(rules)) throw wrong("they are not a list of keys with values");
  const { tags_to_mock_snippet: snippets, rhsm, task_rules } = rules;
  const hasSnippets = Array.isArray(snippets) && snippets.every(isSnippet);
  if (!isAbsent(snippets) && !hasSnippets)
    throw wrong("tags_to_mock_snippet must be a list of entries with a tagset, a list, and a snippet, a text");
  if (!isAbsent(rhsm) && !isTexts(rhsm)) throw wrong("rhsm must be a list of patterns");
  const taskRules = parseTaskRules(task_rules, wrong);
  return { snippets: hasSnippets ? snippets : [], subscriptionChroots: rhsm ?? [], taskRules };
}

/** The text that the rules add to the mock configuration of a task with these tags; empty for none. */
export function snippetFor({ snippets }: HostRules, tags: readonly string[]): string {
  return snippets
    .filter(({ tagset }) => tagset.every((tag) => tags.includes(tag)))
    .map(({ snippet }) => snippet)
    .join("\n");
}

async function parseRules(text: string, wrong: (what: string, cause: unknown) => CoprError): Promise<unknown> {
  const { parseYaml } = await import("./parse-yaml.ts");
  try {
    return parseYaml(text);
  } catch (error) {
    throw wrong(`it is not YAML: ${(error as Error).message.split("\n", 1)[0]?.replace(/:$/, "")}`, error);
  }
}

function isSnippet(value: unknown): value is HostRules["snippets"][number] {
  return isObject(value) && isTexts(value["tagset"]) && typeof value["snippet"] === "string";
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** Python's `or {}` is as generous with keys that have no value. */
function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
