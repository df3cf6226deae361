import {
  AuthenticationError,
  BuildError,
  ConfigurationError,
  CoprError,
  RequestError,
  ResponseError,
  TimeoutError,
  UsageError,
} from "../errors.ts";
import { cleanText } from "../text/clean-text.ts";
import { lineJson } from "./python-json.ts";

/** What an error is about, for programs. */
export type ErrorKind =
  | "usage"
  | "configuration"
  | "authentication"
  | "request"
  | "network"
  | "response"
  | "build"
  | "canceled"
  | "client"
  | "interrupted";

/** An error, as programs are told it. */
export interface ErrorRecord {
  kind: ErrorKind;
  /** One sentence; several for a frontend that complains of several fields. */
  message: string;
  /** What can be done about it. */
  hint: string | null;
  /** HTTP status of the frontend's answer. */
  status: number | null;
  exit_code: number;
}

/** An error as one line of JSON on standard error. */
export interface ErrorDocument {
  error: ErrorRecord;
}

/** An error, as a line of JSON. */
export function errorLine(
  error: unknown,
  { kind, message, exitCode, hint }: { kind: ErrorKind; message: string; exitCode: number; hint?: string | undefined },
): string {
  const record = recordOf(error, kind, message, exitCode);
  const document: ErrorDocument = { error: hint === undefined ? record : { ...record, hint: cleanText(hint) } };
  return `${lineJson(document)}\n`;
}

/** An error of ours as a part of other data. */
export function errorRecord(error: CoprError): ErrorRecord {
  return recordOf(error, kindOfError(error), error.message, error.exitCode);
}

/** Most sentences are a frontend's, so they lose their terminal control. */
function recordOf(error: unknown, kind: ErrorKind, message: string, exitCode: number): ErrorRecord {
  const hint = error instanceof CoprError ? error.hint : undefined;
  const answered = error instanceof RequestError || error instanceof AuthenticationError ? error.status : 0;
  const status = answered === 0 ? null : answered;
  return { kind, message: cleanText(message), hint: hint === undefined ? null : cleanText(hint), status, exit_code: exitCode };
}

/** What an error of ours is about. */
export function kindOfError(error: CoprError): ErrorKind {
  if (error instanceof UsageError) return "usage";
  if (error instanceof ConfigurationError) return "configuration";
  if (error instanceof AuthenticationError) return "authentication";
  if (error instanceof BuildError) return error.wasCanceled ? "canceled" : "build";
  if (error instanceof ResponseError) return "response";
  if (!(error instanceof RequestError)) return "client";
  // Behind what no server answered is the connection's error; without one it is a sentence of ours, say of many failures.
  if (error instanceof TimeoutError || (error.status === 0 && error.cause !== undefined)) return "network";
  // Its exit status is that of any refused request, as upstream has it.
  if (error.status === 401) return "authentication";
  return error.isUnreadable ? "response" : "request";
}
