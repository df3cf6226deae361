/** An answer other than success; thrown by a route, sent by the router as `{"error": …}`. */
export class ApiError extends Error {
  readonly status: number;
  /** Fields before `error`, for the few answers that have any. */
  readonly fields: Record<string, unknown>;

  constructor(status: number, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

/** The build forms answer with the text of a Python dictionary instead of lines: messages by the names of the fields. */
export function badRequestParameters(faults: ReadonlyMap<string, readonly string[]>): ApiError {
  const fields = [...faults].map(([field, messages]) => `${pythonText(field)}: [${messages.map(pythonText).join(", ")}]`);
  return new ApiError(400, `Bad request parameters: {${fields.join(", ")}}`);
}

/** Python's repr() of a string, as far as the frontend's messages need it. */
function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll(quote, `\\${quote}`) + quote;
}
