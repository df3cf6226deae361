import { Document, isMap, isScalar, type Node, type Pair, visit } from "yaml";
import { version } from "../version.ts";
import type { ProjectFile } from "./project-file.ts";

/** Where the schema of the file is published: the package's own copy, by a mirror of npm. */
const SCHEMA = `https://cdn.jsdelivr.net/npm/copr-tools@${version}/docs/json/project-file.schema.json`;

const head = ` yaml-language-server: $schema=${SCHEMA}
 The API does not tell: settings multilib, fedora_review, delete_after_days, runtime_dependencies; bootstrap, bootstrap_image
 and the content of comps of chroots; max_builds, timeout, chroot_denylist of packages. Add them where they matter.`;

/**
 * Lines are never folded: what was one stays one. In double quotes all is on one line, since the library loses a blank that is a
 * line of its own there.
 */
export const yamlStyle = { lineWidth: 0, doubleQuotedAsJSON: true } as const;

/** A project file as YAML, commented. Reading it gives the same file again. */
export function formatProjectFile(file: ProjectFile): string {
  const document = new Document(file, { version: "1.2", compat: "yaml-1.1", aliasDuplicateObjects: false });
  document.commentBefore = head;
  quoteOddTexts(document.contents);
  if (isMap(document.contents)) for (const pair of document.contents.items.slice(1)) spaceBefore(pair);
  // Whatever is odd stands in quotes now, where it can be written by its number: it hides nothing from who reads the file.
  return document.toString(yamlStyle).replace(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (odd) => {
    const code = odd.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}

/** Texts that would not survive as they are: no line has anything in it, or a character that no file may hold. */
export function quoteOddTexts(node: Node | null): void {
  visit(node, {
    Scalar(_, scalar) {
      if (typeof scalar.value === "string" && isOdd(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
  });
}

function isOdd(text: string): boolean {
  return (
    (text.includes("\n") && text.trim() === "") ||
    /(?![\t\n])[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u.test(text)
  );
}

function spaceBefore({ key }: Pair): void {
  if (isScalar(key)) key.spaceBefore = true;
}
