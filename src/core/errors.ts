/** Exit statuses of copr-cli; scripts rely on the numbers, so they never change. */
export const exitCodes = {
  ok: 0,
  /** The frontend refused the request, could not be reached, or the user interrupted. */
  request: 1,
  usage: 2,
  /** Anything wrong on this side that has no number of its own. */
  client: 3,
  /** A watched build failed or was canceled. */
  build: 4,
  /** An answer we can't read, e.g. of a frontend that is too old. */
  response: 5,
  configuration: 6,
  authentication: 7,
  /** What was compared differs: a plan that would change something, a token that expires too soon. */
  differs: 8,
} as const;

export interface ErrorDetails extends ErrorOptions {
  /** What the user can do about it, one sentence. */
  hint?: string | undefined;
}

/**
 * A failure the user can understand: `message` is one sentence for a person.
 * Subclasses exist only where the exit status or a field differs.
 */
export class CoprError extends Error {
  readonly exitCode: number = exitCodes.client;
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.name = new.target.name;
    this.hint = details.hint;
  }
}

/** Wrong arguments. */
export class UsageError extends CoprError {
  override readonly exitCode = exitCodes.usage;
}

interface RequestErrorDetails extends ErrorDetails {
  status?: number;
  page?: string;
  isUnreadable?: boolean;
  retryAfterMs?: number | undefined;
  host?: string | undefined;
}

/** The frontend answered with an error, or with something that is no answer. */
export class RequestError extends CoprError {
  override readonly exitCode: number = exitCodes.request;
  /** HTTP status, 0 when there was no answer at all. */
  readonly status: number;
  /** Page text when the answer was not JSON. */
  readonly page: string | undefined;
  /** What came says nothing of the request: a page of some web server, or JSON that is no answer to it. */
  readonly isUnreadable: boolean;
  /** How long the server asks to be left alone, milliseconds; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;
  /** Host that failed, where the server that was asked had sent the request on to it. */
  readonly host: string | undefined;

  constructor(message: string, details: RequestErrorDetails = {}) {
    super(message, details);
    this.status = details.status ?? 0;
    this.page = details.page;
    this.isUnreadable = details.isUnreadable ?? details.page !== undefined;
    this.retryAfterMs = details.retryAfterMs;
    this.host = details.host;
  }
}

/** Whether a frontend says that there is no such thing; a page of some web server on the way says nothing of it. */
export function isNotFound(error: unknown): error is RequestError {
  return error instanceof RequestError && error.status === 404 && !error.isUnreadable;
}

/** The frontend, or a proxy before it, gave up waiting (HTTP 504). */
export class TimeoutError extends RequestError {
  override readonly exitCode = exitCodes.client;
}

interface AuthenticationErrorDetails extends ErrorDetails {
  status?: number;
}

/** No usable credentials, or not allowed (HTTP 403). */
export class AuthenticationError extends CoprError {
  override readonly exitCode = exitCodes.authentication;
  /** HTTP status, 0 when no server was asked. */
  readonly status: number;

  constructor(message: string, details: AuthenticationErrorDetails = {}) {
    super(message, details);
    this.status = details.status ?? 0;
  }
}

/** Something is wrong with the configuration file. */
export class ConfigurationError extends CoprError {
  override readonly exitCode = exitCodes.configuration;
}

interface BuildErrorDetails extends ErrorDetails {
  wasCanceled?: boolean;
}

/** A build that was waited for did not succeed. */
export class BuildError extends CoprError {
  override readonly exitCode = exitCodes.build;
  /** It did not fail: somebody canceled it. */
  readonly wasCanceled: boolean;

  constructor(message: string, details: BuildErrorDetails = {}) {
    super(message, details);
    this.wasCanceled = details.wasCanceled ?? false;
  }
}

/** An answer lacks what this client needs. */
export class ResponseError extends CoprError {
  override readonly exitCode = exitCodes.response;
}

/** The errno name (`ENOENT`, …) or library code of an error, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as Error & { code?: unknown };
  return typeof code === "string" ? code : undefined;
}

/**
 * Whether an error is one of the surroundings and no bug: the system's (`ENOSPC`), a compressor's (`Z_DATA_ERROR`), the HTTP
 * library's, or that of a text or stream that is too long or over too soon.
 */
export function isOutsideError(error: unknown): error is Error {
  // Some of the HTTP library's have no code.
  if (error instanceof Error && error.name === "HTTPParserError") return true;
  return /^(E[A-Z0-9]+|Z_[A-Z_]+|UND_ERR_\w+|HPE_\w+|ERR_STRING_TOO_LONG|ERR_STREAM_\w+)$/.test(errorCode(error) ?? "");
}

/** One sentence for a failed operation on a file; without Node's `ENOENT: …, open` noise. */
export function describeFileError(error: unknown): string {
  const code = errorCode(error);
  const known: Record<string, string> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EPERM: "operation not permitted",
    EISDIR: "is a directory",
    ENOTDIR: "not a directory",
    ENOSPC: "no space left on the disk",
    EROFS: "the file system is read-only",
    EDQUOT: "the disk quota is used up",
    EMFILE: "too many open files",
    ELOOP: "is a symbolic link",
    ENAMETOOLONG: "the name is too long",
  };
  return (code && known[code]) || (error instanceof Error ? error.message : String(error));
}
