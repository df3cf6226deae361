import { readFile } from "node:fs/promises";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";

/** Rules of a host about its tasks, from copr-rpmbuild.yml. */
export interface HostRules {
  /** Text for mock's configuration, for tasks that have all tags of the set. */
  snippets: readonly { tagset: readonly string[]; snippet: string }[];
  /** Patterns of the chroots that need a Red Hat subscription. */
  subscriptionChroots: readonly string[];
}

/** Reads the rules; no file means no rules. Throws CoprError naming what is wrong with the file. */
export async function readHostRules(path: string): Promise<HostRules> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { snippets: [], subscriptionChroots: [] };
    throw new CoprError(`Cannot read the rules '${path}': ${describeFileError(error)}`, { cause: error });
  }
  const wrong = (what: string, cause?: unknown): CoprError => new CoprError(`Cannot use the rules '${path}': ${what}`, { cause });
  const rules = (await parseRules(text, wrong)) ?? {};
  if (!isObject(rules)) throw wrong("they are not a list of keys with values");
  const { tags_to_mock_snippet: snippets, rhsm } = rules;
  const hasSnippets = Array.isArray(snippets) && snippets.every(isSnippet);
  if (!isAbsent(snippets) && !hasSnippets)
    throw wrong("tags_to_mock_snippet must be a list of entries with a tagset, a list, and a snippet, a text");
  if (!isAbsent(rhsm) && !isTexts(rhsm)) throw wrong("rhsm must be a list of patterns");
  return { snippets: hasSnippets ? snippets : [], subscriptionChroots: rhsm ?? [] };
}

/** The text that the rules add to the mock configuration of a task with these tags; empty for none. */
export function snippetFor({ snippets }: HostRules, tags: readonly string[]): string {
  return snippets
    .filter(({ tagset }) => tagset.every((tag) => tags.includes(tag)))
    .map(({ snippet }) => snippet)
    .join("\n");
}

/**
 * Whether a shell pattern fits the whole of a name, as Python's fnmatch sees it: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`,
 * and no meaning of `/`, `\` or a leading dot. Takes no more time than the product of the two lengths.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  const parts = partsOf(pattern);
  const characters = [...name];
  let part = 0;
  let retry: { part: number; at: number } | undefined;
  for (let at = 0; at < characters.length || part < parts.length; ) {
    const wanted = parts[part];
    if (wanted === "any") {
      part += 1;
      retry = { part, at };
    } else if (at < characters.length && wanted?.(characters[at] as string)) {
      part += 1;
      at += 1;
    } else if (retry && retry.at < characters.length) {
      retry.at += 1;
      ({ part, at } = retry);
    } else return false;
  }
  return true;
}

type Part = "any" | ((character: string) => boolean);

function partsOf(pattern: string): Part[] {
  const found = pattern.matchAll(/\*|\?|\[(?:(!)|(?!!))(\][^\]]*|[^\]]+)\]|([^])/gu);
  return [...found].map(([whole, not, members, character]): Part => {
    if (whole === "*") return "any";
    if (whole === "?") return () => true;
    if (members === undefined) return (one) => one === character;
    return (one) => hasMember(members, one) !== (not === "!");
  });
}

/** Whether a character is in the inside of brackets, such as `a-z_`. */
function hasMember(members: string, one: string): boolean {
  for (const [, from = "", to = from] of members.matchAll(/([^])(?:-([^]))?/gu)) if (from <= one && one <= to) return true;
  return false;
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
