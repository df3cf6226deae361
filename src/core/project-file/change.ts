import { AuthenticationError, CoprError, RequestError } from "../errors.ts";
import { isAccountRefused } from "../http/refused-account.ts";
import { entriesOf, type Field, isSame } from "./fields.ts";
import type { Values } from "./present-project.ts";

/** One thing that differs between a file and a project. */
export interface Change {
  /** What it is about, as `settings/homepage` or `packages/hello/source/committish`. */
  path: string;
  /** `set`: nobody knows whether it differs, since the API does not tell the present value; it is sent at every apply. */
  action: "create" | "change" | "delete" | "set";
  /** The present value; null where there is none, or where it is not known. */
  old: unknown;
  /** The value of the file; null where it is to go. */
  new: unknown;
  /** Why the API can't make this change; null where it can. */
  obstacle: string | null;
}

/** Changes that one request makes, or a few. */
export interface Step {
  readonly changes: readonly Change[];
  /** Changes that mean something else, or nothing, one without the other; default: each stands for itself. */
  parts?(changes: readonly Change[]): readonly (readonly Change[])[];
  /** Makes some of its changes. Throws what the API throws; to begin anew is safe. */
  run(changes: readonly Change[]): Promise<void>;
}

/** Makes the changes of a step; tells why some could not be made. What is refused together is tried part by part. */
export async function runStep(step: Step): Promise<ReadonlyMap<Change, CoprError>> {
  const failures = new Map<Change, CoprError>();
  for (const change of step.changes) {
    const obstacle = obstacleOf(change);
    if (obstacle !== undefined) failures.set(change, obstacle);
  }
  const possible = step.changes.filter((change) => !failures.has(change));
  const attempt = async (changes: readonly Change[]): Promise<void> => {
    try {
      if (changes.length > 0) await step.run(changes);
    } catch (error) {
      if (!(error instanceof CoprError)) throw error;
      const parts = step.parts?.(changes) ?? changes.map((change) => [change]);
      if (parts.length === 1 || !isRefusal(error)) for (const change of changes) failures.set(change, error);
      else for (const part of parts) await attempt(part);
    }
  };
  await attempt(possible);
  return failures;
}

/** The failure that a change is, where it is known before that it can't be made. */
export function obstacleOf({ obstacle }: Change): CoprError | undefined {
  return obstacle === null ? undefined : new CoprError(obstacle.charAt(0).toUpperCase() + obstacle.slice(1));
}

/** Whether a frontend found fault with what was sent, or forbids it: part of it may please it. */
function isRefusal(error: CoprError): boolean {
  if (isAccountRefused(error)) return false;
  return error instanceof AuthenticationError || (error instanceof RequestError && error.status === 400);
}

/** The changes between what is and what is wanted; what is not wanted stays. */
export function changesOf(path: string, fields: Readonly<Record<string, Field>>, present: Values, wanted: Values): Change[] {
  return entriesOf(fields).flatMap(([name, field]): Change[] => {
    const value = wanted[name];
    if (value === undefined) return [];
    const change = { path: `${path}/${name}`, new: field.normal(value) };
    if (field.isUntold) return [{ ...change, action: "set", old: null, obstacle: null }];
    if (isSame(field, present[name] ?? field.preset, value)) return [];
    return [{ ...change, action: "change", old: present[name] ?? null, obstacle: field.obstacle?.(value) ?? null }];
  });
}

/** The last part of a change's path: the name of the field. */
export function fieldOf({ path }: Change): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
