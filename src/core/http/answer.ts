import { AuthenticationError, RequestError, TimeoutError } from "../errors.ts";

/** What of an HTTP response decides its meaning. */
export interface AnswerHead {
  method: string;
  statusCode: number;
  statusText?: string | undefined;
  /** See RequestError. */
  retryAfterMs?: number | undefined;
}

const UNSPECIFIED = "Unspecified error";

/** Reads the frontend's answer; throws RequestError, TimeoutError or AuthenticationError if it tells of a failure or is no JSON. */
export function readAnswer({ method, statusCode: status, statusText, retryAfterMs }: AnswerHead, text: string): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    if (status === 504) {
      const reason = statusText || "Gateway Timeout";
      throw new TimeoutError(method === "GET" ? `${reason}\nConsider using pagination for large queries.` : reason, {
        status,
        page: text,
        retryAfterMs,
        cause,
      });
    }
    throw new RequestError("Response is not in JSON format, there is probably a bug in the API code.", {
      status,
      page: text,
      retryAfterMs,
      cause,
    });
  }
  if (typeof answer !== "object" || answer === null) {
    throw new RequestError(`The frontend answered ${JSON.stringify(answer)?.slice(0, 40)}, which is no answer to this request.`, {
      status,
    });
  }
  const message = "error" in answer ? answer.error : undefined;
  if (message !== undefined) {
    const sentence = typeof message === "string" ? message || UNSPECIFIED : message === null ? UNSPECIFIED : JSON.stringify(message);
    if (status === 403) throw new AuthenticationError(sentence);
    throw status === 504 ? new TimeoutError(sentence, { status, retryAfterMs }) : new RequestError(sentence, { status, retryAfterMs });
  }
  if (status >= 400)
    throw new RequestError(`The frontend answered ${status} ${statusText ?? ""}`.trimEnd(), { status, page: text, retryAfterMs });
  return answer;
}

/** Throws RequestError unless the answer has these fields with a value: what is said of it must not be invented. */
export function requireFields(answer: unknown, fields: readonly string[]): void {
  const known = answer as Readonly<Record<string, unknown>>;
  const missing = fields.filter((field) => known[field] === undefined || known[field] === null);
  if (missing.length === 0) return;
  throw new RequestError(`The frontend's answer to this request lacks '${missing.join("', '")}'.`, { status: UNUSABLE_STATUS });
}

/** The exchange itself was a good one. */
const UNUSABLE_STATUS = 200;
