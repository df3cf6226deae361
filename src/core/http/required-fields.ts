import { RequestError } from "../errors.ts";

/** Throws RequestError unless the answer has these fields with a value: what is said of it must not be invented. */
export function requireFields(answer: unknown, fields: readonly string[]): void {
  const known = answer as Readonly<Record<string, unknown>>;
  const missing = fields.filter((field) => known[field] === undefined || known[field] === null);
  if (missing.length === 0) return;
  throw new RequestError(`The frontend's answer to this request lacks '${missing.join("', '")}'.`, {
    status: UNUSABLE_STATUS,
    isUnreadable: true,
  });
}

/** The exchange itself was a good one. */
const UNUSABLE_STATUS = 200;
