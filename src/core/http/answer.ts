import type { Readable } from "node:stream";
import { AuthenticationError, RequestError, ResponseError, TimeoutError } from "../errors.ts";
import { oddField } from "./field-kinds.ts";
import { withoutKnownSecrets } from "../text/known-secrets.ts";

/** What of an HTTP response decides its meaning. */
export interface AnswerHead {
  method: string;
  statusCode: number;
  statusText?: string | undefined;
  /** See RequestError. */
  retryAfterMs?: number | undefined;
}

const UNSPECIFIED = "Unspecified error";

/** Reads the frontend's answer. Throws what `parseAnswer` and `judgeAnswer` throw. */
export function readAnswer(head: AnswerHead, text: string): object {
  return judgeAnswer(head, parseAnswer(head, text), text);
}

/**
 * The answer as it is. Throws RequestError or TimeoutError if it is no JSON, or none that a frontend sends, and ResponseError
 * if it is one that nothing could be made of.
 */
export function parseAnswer({ method, statusCode: status, statusText, retryAfterMs }: AnswerHead, text: string): object {
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
  // A frontend's lists are a field of an answer, too.
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) {
    throw new RequestError(`The frontend answered ${describeValue(answer)}, which is no answer to this request.`, {
      status,
      isUnreadable: true,
    });
  }
  if (isDeep(text)) throw unreadable(`its values are nested more than ${MAX_DEPTH} levels deep`);
  return answer;
}

/**
 * The same answer. Throws RequestError, TimeoutError or AuthenticationError if it tells of a failure, and ResponseError if it
 * is a list of anything but objects, or has fields of other kinds than the frontend's.
 */
export function judgeAnswer({ statusCode: status, statusText, retryAfterMs }: AnswerHead, answer: object, text: string): object {
  const message = "error" in answer ? answer.error : undefined;
  if (message !== undefined) {
    const sentence = typeof message === "string" ? message || UNSPECIFIED : message === null ? UNSPECIFIED : JSON.stringify(message);
    if (status === 403) throw new AuthenticationError(sentence, { status });
    throw status === 504 ? new TimeoutError(sentence, { status, retryAfterMs }) : new RequestError(sentence, { status, retryAfterMs });
  }
  if (status >= 400)
    throw new RequestError(`The frontend answered ${status} ${statusText ?? ""}`.trimEnd(), { status, page: text, retryAfterMs });
  // Lists of every route are called so.
  if ("items" in answer && answer.items !== null && !isListOfObjects(answer.items)) throw unreadable("its items are no list of objects");
  const odd = oddField(answer);
  if (odd !== undefined) throw unreadable(odd);
  return answer;
}

/** What is cut is no secret any more that one could find in it. */
function describeValue(value: unknown): string {
  if (value === null) return "nothing";
  return Array.isArray(value) ? "a bare list" : withoutKnownSecrets(JSON.stringify(value)).slice(0, 40);
}

function unreadable(reason: string): ResponseError {
  return new ResponseError(`The frontend's answer can't be read: ${reason}.`);
}

function isListOfObjects(value: unknown): value is object[] {
  return Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null);
}

/** Far more than any answer has; whatever walks over a value calls itself for each level. */
const MAX_DEPTH = 100;

/** Whether a text, which is JSON, has a value below so many others. */
function isDeep(json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(json, at);
    else if (unit === BRACKET || unit === BRACE) depth += 1;
    else if (unit === BRACKET + 2 || unit === BRACE + 2) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The closing ones are the next but one. */
const BRACKET = 0x5b;
const BRACE = 0x7b;

/** Where the string that begins here has its other quote: one before which stands an even number of backslashes. */
function endOfString(json: string, start: number): number {
  for (let end = start; ; ) {
    end = json.indexOf('"', end + 1);
    let before = end - 1;
    while (json.charCodeAt(before) === BACKSLASH) before -= 1;
    if (end === -1 || (end - before) % 2 === 1) return end === -1 ? json.length : end;
  }
}

/** More than any list is; a server that never ends must not fill the memory. */
const MAX_ANSWER_BYTES = 256 * 1024 ** 2;

/** The text of an answer. Throws RequestError if it is too long, and the HTTP library's errors. */
export async function receiveText(body: Readable, status: number, apiUrl: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      body.destroy();
      throw new RequestError(`The answer of ${apiUrl} is larger than ${MAX_ANSWER_BYTES} bytes.`, { status });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
