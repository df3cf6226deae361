import * as v from "valibot";
import { taskSchemas, type TaskRules } from "./build-task-schema.ts";
import { CoprError } from "../errors.ts";
import { addressesWithoutSecrets } from "../text/without-secrets.ts";
import { parseTaskId } from "./names.ts";

/**
 * The build definition a builder gets. It is made from what strangers typed into a frontend, and may come from a
 * hostile one, so it is checked whole before anything is done with it: unknown keys are left out, what does not fit
 * or looks like an option, a path, a line of its own or a template is refused (security: C1-C18, C30).
 */
export type BuildTask = RpmTask | SrpmTask;

/** A build definition that can't be used. */
export class InvalidTaskError extends CoprError {
  override readonly exitCode = 1;
}

/** Largest accepted definition, bytes. */
export const maxTaskBytes = 5 * 1024 * 1024;

type Schemas = ReturnType<typeof taskSchemas>;

/** A build of packages in one chroot; keys as the frontend spells them. */
export interface RpmTask extends v.InferOutput<Schemas["rpm"]> {
  kind: "rpm";
}

/** The making of a source package. */
export interface SrpmTask extends Omit<v.InferOutput<Schemas["srpm"]>, "source_json" | "source_type"> {
  kind: "srpm";
  source: Source;
}

export type SourceType = keyof Schemas["sources"];

/** Where a source package comes from. */
export type Source = { [Type in SourceType]: { type: Type } & v.InferOutput<Schemas["sources"][Type]> }[SourceType];

/** Numbers on the wire; 3, 4 and 7 are retired, 0 is unset. */
const sourceTypes: Readonly<Record<number, SourceType>> = {
  1: "link",
  2: "upload",
  5: "pypi",
  6: "rubygems",
  8: "scm",
  9: "custom",
  10: "distgit",
};

/** The number of a source type on the wire; undefined for a name that is none, or of a retired one. */
export function sourceTypeNumber(name: string): number | undefined {
  const [number] = Object.entries(sourceTypes).find(([, type]) => type === name) ?? [];
  return number === undefined ? undefined : Number(number);
}

/**
 * Reads a definition. Whether it is about what was asked for is for the caller to see.
 * Throws InvalidTaskError naming the field.
 */
export function parseBuildTask(text: string, rules: TaskRules = {}): BuildTask {
  if (Buffer.byteLength(text) > maxTaskBytes) throw new InvalidTaskError(`The build definition is larger than ${maxTaskBytes} bytes`);
  const value = parseJson(text, "The build definition");
  if (value === null) throw new InvalidTaskError("The frontend has nothing to build for this task: its chroot may be disabled");
  const { rpm, srpm, sources } = taskSchemas(rules);
  if (!isObject(value)) throw new InvalidTaskError("The build definition is not a JSON object");
  if (value["source_type"] === undefined || value["source_type"] === null) {
    const task: RpmTask = {
      kind: "rpm",
      ...check(rpm, withDefaults({ ...value, chroot: value["chroot"] || (rules.chroot ?? value["chroot"]) }), ""),
    };
    return matchTaskId(task);
  }
  const { source_json: sourceJson, source_type: sourceType, ...rest } = check(srpm, withDefaults(value), "");
  const type = sourceTypes[sourceType];
  if (type === undefined) throw new InvalidTaskError(`The build definition has the unknown source_type ${sourceType}`);
  const json =
    typeof sourceJson === "string" && sourceJson !== "" ? parseJson(sourceJson, "source_json of the build definition") : (sourceJson ?? {});
  if (!isObject(json)) throw new InvalidTaskError("The build definition is not valid: source_json is not a JSON object");
  const source = { ...check(sources[type], json, "source_json."), type } as Source;
  return matchTaskId({ kind: "srpm", ...rest, source });
}

/** Upstream lets `task_id` be absent, or a number, in hand-written definitions. */
function withDefaults(value: Record<string, unknown>): Record<string, unknown> {
  const { build_id: buildId, task_id: taskId } = value;
  if (typeof taskId === "number") return { ...value, task_id: `${taskId}` };
  if (taskId !== undefined || typeof buildId !== "number") return value;
  return { ...value, task_id: value["source_type"] ? `${buildId}` : `${buildId}-${String(value["chroot"])}` };
}

function matchTaskId<Task extends BuildTask>(task: Task): Task {
  let id: ReturnType<typeof parseTaskId>;
  try {
    id = parseTaskId(task.task_id);
  } catch (cause) {
    throw new InvalidTaskError(`task_id of the build definition is not a task id: ${JSON.stringify(task.task_id)}`, { cause });
  }
  if (id.kind !== task.kind) throw new InvalidTaskError(`task_id of the build definition, ${task.task_id}, does not fit its other fields`);
  return task;
}

function check<const Schema extends v.GenericSchema>(schema: Schema, value: unknown, prefix: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? "";
  throw new InvalidTaskError(`The build definition is not valid: ${prefix}${where} ${faultOf(issue)}`);
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  if (issue.received === "undefined") return "is missing";
  // What the library shows of a key too many is the key once more.
  return issue.expected === "never" ? "is not known" : `${reasonOf(issue)}${shorten(issue.input)}`;
}

/** Our checks have a sentence of their own; the library's would show the value once more, as it is. */
function reasonOf({ message, type, expected }: v.BaseIssue<unknown>): string {
  if (!message.startsWith("Invalid ")) return message;
  return `${type.endsWith("_length") ? "has a length that" : ""} must be ${expected}`.trimStart();
}

/** A value for a message: on one line, without passwords; lists and objects may be anything, also deep. */
function shorten(input: unknown): string {
  if (typeof input === "object" && input !== null) return "";
  const text = typeof input === "string" ? JSON.stringify(addressesWithoutSecrets(input)) : String(input);
  // oxlint-disable-next-line no-control-regex
  const escaped = text.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `: ${escaped.length > 120 ? `${escaped.slice(0, 120)}…` : escaped}`;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const hint = /^\s*</.test(text) ? "It looks like a web page: is the address right, and is the frontend up?" : undefined;
    throw new InvalidTaskError(`${what} is not JSON`, { cause, hint });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
