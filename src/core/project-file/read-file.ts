import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair } from "yaml";
import * as v from "valibot";
import { readYaml } from "../text/yaml-file.ts";
import type { ProjectFile } from "./project-file.ts";
import { ProjectFileError } from "./project-file-error.ts";
import { projectFileSchema } from "./schema.ts";

/** A project file with its document, in which comments are. */
export interface ParsedFile {
  file: ProjectFile;
  document: Document.Parsed;
}

/**
 * Reads a project file: YAML, or JSON, which is YAML. Throws ProjectFileError.
 *
 * @param name what the file is called in errors
 */
export function parseProjectFile(content: string | Uint8Array, name: string): ParsedFile {
  const { document, value, faults } = readYaml(content, name, (message, options) => new ProjectFileError(message, options));
  const result = v.safeParse(projectFileSchema, value);
  if (result.success) return { file: result.output, document };
  for (const issue of result.issues) faults.add(offsetOf(document, issue), sentenceOf(issue));
  faults.end();
  throw new Error("a file is wrong, and nothing says why");
}

/** Where the thing is that an issue is about: the key that is unknown, the mapping that lacks one, else the value. */
function offsetOf(document: Document.Parsed, issue: v.BaseIssue<unknown>): number {
  const path: readonly v.IssuePathItem[] = issue.path ?? [];
  let node: Node | null = document.contents;
  let at = node?.range?.[0] ?? 0;
  for (const [index, { key }] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    const found: unknown = isMap(node) ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) : undefined;
    if (isPair(found)) {
      const pair = found as Pair<Node, Node | null>;
      const isKey = index === path.length - 1 && (path[index]?.origin === "key" || !isHere(pair.value));
      if (isKey) return pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq(node) && typeof key === "number") node = (node.items[key] ?? null) as Node | null;
    else return at;
    at = node?.range?.[0] ?? at;
  }
  return at;
}

function isHere(value: Node | null): value is Node {
  return value?.range !== undefined && value.range !== null && value.range[0] < value.range[1];
}

function sentenceOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  // The sentences about keys name them.
  if (/^unknown key|is missing/.test(issue.message)) return issue.message;
  const isKey = issue.path?.at(-1)?.origin === "key";
  return isKey ? `'${path.at(-1)}' ${issue.message}` : `${path.length === 0 ? "the file" : path.join("/")} ${issue.message}`;
}
