import { ApiError } from "./api-error.ts";
import type { Call } from "./routing.ts";

/** Columns that lists can be ordered by; the frontend knows more of them. */
interface Row {
  id?: number;
  name?: string;
}

/** One page of a list, cut and ordered as the query asks. */
export function page<T extends Row>(call: Call, rows: readonly T[], toWire: (row: T) => unknown) {
  const order = call.query.get("order") ?? "id";
  if (order !== "id" && order !== "name") throw new ApiError(500, `Cannot order by ${order}`);
  const direction = call.query.get("order_type") === "DESC" ? -1 : 1;
  const sorted = rows.toSorted((left, right) => direction * compare(left[order], right[order]));
  return unsortedPage(call, sorted, toWire);
}

/** For lists whose order is fixed whatever the query says. What is not wanted counts for the offset, but not for the limit. */
export function unsortedPage<T>(call: Call, rows: readonly T[], toWire: (row: T) => unknown, isWanted?: (row: T) => boolean) {
  const limit = number(call, "limit");
  const offset = number(call, "offset") ?? 0;
  return {
    items: rows
      .slice(offset)
      .filter((row) => isWanted?.(row) ?? true)
      .slice(0, limit ?? undefined)
      .map(toWire),
    meta: { limit, offset, order: call.query.get("order") ?? "id", order_type: orderType(call) },
  };
}

/** The same shape for answers that are no pages at all. */
export function onePage(items: unknown[]) {
  return { items, meta: { limit: null, offset: null, order: null, order_type: null } };
}

function orderType(call: Call): string {
  const type = call.query.get("order_type") ?? "ASC";
  if (type === "ASC" || type === "DESC") return type;
  throw new ApiError(500, "{'order_type': ['Not a valid choice.']}");
}

function number(call: Call, name: string): number | null {
  const text = call.query.get(name);
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text);
  throw new ApiError(500, `{'${name}': ['Not a valid integer value.']}`);
}

function compare(left: string | number = 0, right: string | number = 0): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right));
}
