import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, isSeq, type Node, visit, type YAMLMap } from "yaml";
import { CoprError } from "../errors.ts";
import { chrootFields, entriesOf, type Field, isSame, packageFields, settingFields, sourceFields } from "./fields.ts";
import type { ExportedProject } from "./export-project.ts";
import type { Values } from "./present-project.ts";
import { parseProjectFile } from "./read-file.ts";
import { quoteOddTexts, yamlStyle } from "./write-file.ts";

/**
 * A hand-written file with what the project has become: values that differ are replaced, things that are new are added at the
 * end of their section, things that have gone are taken out. Comments, order and whatever the API does not tell stay; so do
 * settings that are not named and have their default. Sections that the file lacks are not begun. Throws ProjectFileError.
 *
 * @param name what the file is called in errors
 */
export function updatedFile(content: string | Uint8Array, { file }: ExportedProject, name: string): string {
  const { document, file: before } = parseProjectFile(content, name);
  writeOutAliases(document);
  const root = document.contents;
  if (!isMap(root)) throw new CoprError(`${name} is no mapping`);
  const at = new Update(document);
  at.value(root, "project", file.project, String(root.get("project")) === file.project.split("/")[1] ? () => true : same);
  at.fields(root, "settings", settingFields, file.settings as Values);
  at.things(root, "chroots", file.chroots ?? {}, (map, values) => at.fieldsOf(map, chrootFields, values as Values));
  at.things(root, "packages", file.packages ?? {}, (map, values) => {
    const { source, ...settings } = values as Values;
    at.source(map, source as Values);
    at.fieldsOf(map, packageFields, settings);
  });
  if (file.permissions !== undefined) {
    at.things(root, "permissions", file.permissions, (map, roles) => {
      for (const [role, state] of Object.entries(roles as Values)) at.value(map, role, state, same, "nothing");
    });
  }
  const written = Buffer.from(content).toString();
  const after: unknown = document.toJS();
  if (isDeepStrictEqual(before, after)) return written;
  const text = written.trimStart().startsWith("{") ? `${JSON.stringify(after, null, 2)}\n` : document.toString(styleOf(written));
  if (isDeepStrictEqual(parseProjectFile(text, name).file, after)) return text;
  throw new CoprError(`${name} can't be updated: what was written would say something else`);
}

/** What an alias stands for may change in one place and not in the other. */
function writeOutAliases(document: Document): void {
  visit(document, { Alias: (_, alias) => alias.resolve(document)?.clone() as Node });
  visit(document, {
    Value(_, node) {
      delete (node as { anchor?: string }).anchor;
    },
  });
}

/** Lists stand below their key as they did, indented or not, and brackets are as wide. */
function styleOf(text: string) {
  const indentSeq = !/^( *)[^\s#-][^\n]*:[ \t]*\r?\n(?: *#[^\n]*\n)*\1- /m.test(text);
  return { ...yamlStyle, indentSeq, flowCollectionPadding: !/[{[][^\s{}[\]]/.test(text) };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Changes of a document that leave alone what need not change. */
class Update {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  /** One field of a mapping; one that is not named is only added if it is not `preset`. */
  value(map: YAMLMap, key: string, value: unknown, isEqual: (one: unknown, other: unknown) => boolean, preset?: unknown): void {
    const node = map.get(key, true) as Node | undefined;
    if (node === undefined ? preset !== undefined && isEqual(preset, value) : isEqual(this.#plain(node), value)) return;
    if (isScalar(node) && (typeof value !== "object" || value === null)) {
      node.value = value;
      delete node.source;
      // Quotes stay; a text of several lines has a style of its own.
      if (typeof value !== "string" || value.includes("\n") || node.type?.startsWith("BLOCK")) delete node.type;
      quoteOddTexts(node);
    } else if (isSeq(node) && Array.isArray(value)) {
      // Comments of the items that stay, stay.
      const old = node.items as Node[];
      node.items = value.map((item) => old.find((one) => same(this.#plain(one), item)) ?? this.#made(item));
    } else this.#set(map, key, this.#made(value));
  }

  /** The fields of a section, where there is one. */
  fields(root: YAMLMap, section: string, fields: Readonly<Record<string, Field>>, values: Values): void {
    const map = root.get(section, true);
    if (isMap(map)) this.fieldsOf(map, fields, values);
  }

  /** Fields that the API tells. */
  fieldsOf(map: YAMLMap, fields: Readonly<Record<string, Field>>, values: Values): void {
    for (const [name, field] of entriesOf(fields)) {
      if (field.isUntold || values[name] === undefined) continue;
      this.value(map, name, values[name], (one, other) => isSame(field, one, other), field.preset);
    }
  }

  /** Things by their names: each that is there is updated, the others come and go. */
  things(root: YAMLMap, section: string, things: Values, update: (map: YAMLMap, values: unknown) => void): void {
    const map = root.get(section, true);
    if (!isMap(map)) return;
    map.items = map.items.filter(({ key }) => Object.hasOwn(things, String(this.#plain(key))));
    for (const [name, values] of Object.entries(things)) {
      if (!map.has(name)) map.set(this.#document.createNode(name), this.#made(values));
      else this.#within(map, name, (own) => update(own, values));
    }
  }

  /** One of another type keeps what both have. */
  source(map: YAMLMap, source: Values): void {
    const node = map.get("source", true);
    const type = source["type"] as keyof typeof sourceFields;
    if (node === undefined && type === "unset") return;
    if (!isMap(node)) return this.#set(map, "source", this.#made(source));
    node.items = node.items.filter(({ key }) => Object.hasOwn(source, String(this.#plain(key))));
    this.value(node, "type", type, same);
    this.fieldsOf(node, sourceFields[type], source);
  }

  /** Updates the mapping of a thing: one that says nothing may be none. */
  #within(map: YAMLMap, name: string, update: (own: YAMLMap) => void): void {
    const node = map.get(name, true);
    if (isMap(node)) return update(node);
    const own = this.#made({}) as YAMLMap;
    update(own);
    if (own.items.length > 0) this.#set(map, name, own);
  }

  /** Another value in the place of one, if there is one, whose comments it inherits. */
  #set(map: YAMLMap, key: string, value: Node): void {
    const old = map.get(key, true) as Node | undefined;
    const comments = [old?.commentBefore, old?.comment].filter((comment) => typeof comment === "string");
    // What stands beside one line stands above several.
    if (comments.length > 0) value.commentBefore = comments.join("\n");
    map.set(this.#document.createNode(key), value);
  }

  #plain(node: unknown): unknown {
    return (node as Node | null | undefined)?.toJS(this.#document) ?? null;
  }

  #made(value: unknown): Node {
    const node = this.#document.createNode(value, { aliasDuplicateObjects: false }) as Node;
    quoteOddTexts(node);
    return node;
  }
}
