import type { Change } from "../../core/project-file/change.ts";
import type { FieldRole } from "../../core/records/shape.ts";
import { type ItemResult, shapeOfItems } from "../many/item-result.ts";

/** A change that a file makes, as `plan` tells it. */
export type PlannedChange = Change;

/** A change that was made, or was not. */
export type AppliedChangeRecord = Change & ItemResult;

export const changeFields: Readonly<Record<keyof Change, FieldRole>> = {
  path: "shown",
  action: "shown",
  old: "shown",
  new: "shown",
  obstacle: "known",
};

const done = { create: "created", change: "changed", delete: "deleted", set: "set" } as const;

/** How `apply` tells what became of a change. */
export const appliedShape = shapeOfItems<Change>(changeFields, ({ path, action, result }) => {
  if (result === "failed") return path;
  return result === "planned" ? `${path}: would be ${done[action]}` : `${path}: ${done[action]}`;
});
