import { CoprError } from "../errors.ts";

/** Null and undefined are left out, booleans become `True` and `False`, lists repeat the key. */
export type QueryValue = string | number | boolean | null | undefined | readonly string[];

/**
 * `@`, `:` and `/` stay readable, as upstream sends them; everything else that matters in a path is encoded. An encoded
 * slash is refused by web servers before the frontend sees it, while a plain one at the end of a project does no harm.
 * Throws CoprError for `.` and `..`: servers and URL parsers take them for a way to another route, however encoded.
 */
export function encodePath(segments: readonly (string | number)[]): string {
  return segments
    .flatMap((segment) => String(segment).split("/"))
    .map((segment) => {
      if (segment === "." || segment === "..") throw new CoprError(`'${segment}' can't be a name`);
      return encodeURIComponent(segment).replaceAll("%40", "@").replaceAll("%3A", ":");
    })
    .join("/");
}

/** A query with its `?`; nothing when there is nothing in it. */
export function encodeQuery(query: Readonly<Record<string, QueryValue>> = {}): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      pairs.append(key, typeof item === "boolean" ? (item ? "True" : "False") : String(item));
    }
  }
  const text = pairs.toString();
  return text && `?${text}`;
}
