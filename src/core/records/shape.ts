import { UsageError } from "../errors.ts";
import { pythonText } from "./python-text.ts";

/**
 * Whether a field of a record is shown by itself (in rows, tables and the plain text), or only known: part of the data, and
 * of the rest when it is chosen.
 */
export type FieldRole = "shown" | "known";

/** How one kind of record is printed. */
export interface Shape<T extends object> {
  /** Every field, in the order of rows and tables. */
  readonly fields: Readonly<Record<keyof T & string, FieldRole>>;
  /** The text for people; without it, a line `name: value` for each field that is shown. */
  readonly text?: (record: T, hasColor: boolean) => string;
  /** Fields without which a record says nothing: data of it would pass for an answer. */
  readonly needs?: readonly (keyof T & string)[];
  /** Data has no more than the fields that are shown: upstream's list of them is fixed. Else it is all that the record has. */
  readonly isFixed?: boolean;
}

/** The names of a shape's fields. */
export function fieldsOf<T extends object>({ fields }: Shape<T>, role?: FieldRole): string[] {
  return Object.entries(fields).flatMap(([name, own]) => (role === undefined || own === role ? [name] : []));
}

/**
 * The fields a user asks for, as `--fields` names them; undefined for those that are shown anyway. Throws UsageError, in
 * upstream's words, for a field that there is not.
 */
export function chosenFields<T extends object>(shape: Shape<T>, text: string | undefined): string[] | undefined {
  if (text === undefined || text === "") return undefined;
  const known = fieldsOf(shape);
  const chosen = text.split(",").map((field) => field.trim());
  const unknown = chosen.filter((field) => !known.includes(field));
  if (unknown.length === 0) return chosen;
  throw new UsageError(`Unknown field(s) specified in --fields: ${pythonText(unknown)}, allowed: ${pythonText(known)}`);
}

/** What the help says of `--fields`. */
export function describeFields<T extends object>(shape: Shape<T>): string {
  return `what to show, separated by commas: ${fieldsOf(shape).join(", ")}`;
}
