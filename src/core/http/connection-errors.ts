import { errorCode, RequestError } from "../errors.ts";

/** Whether an error means that there was no usable connection, so that waiting may help. */
export function isConnectionError(error: unknown): boolean {
  const code = errorCode(error) ?? "";
  return connectErrors.has(code) || laterErrors.has(code);
}

/**
 * Whether the same request may be sent again after such an error. A POST only if it can't have reached the server: a
 * second one would be a second build.
 */
export function mayRepeat(method: string, error: unknown): boolean {
  const code = errorCode(error) ?? "";
  return connectErrors.has(code) || (method !== "POST" && laterErrors.has(code));
}

/**
 * Whether a call failed because its connection broke after the request had been on its way: the server may have acted on it.
 * Given is what the call threw.
 */
export function mayHaveArrived(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.status !== 0) return false;
  const { cause } = error;
  const code = errorCode(cause) ?? "";
  return laterErrors.has(code) || (isLibraryError(cause) && !connectErrors.has(code));
}

/** An error of the HTTP library in words for the user; any other as it is. */
export function connectionError(error: unknown, apiUrl: string, isUpload = false): unknown {
  if (isUpload && laterErrors.has(errorCode(error) ?? "")) return uploadBroken(error, apiUrl);
  if (isConnectionError(error)) return new RequestError(`Unable to connect to ${apiUrl}.`, { cause: error });
  const code = errorCode(error) ?? "";
  switch (disorderOf(error)) {
    case "tls":
      return new RequestError(`${apiUrl} does not answer in TLS (${code}).`, {
        cause: error,
        hint: "Perhaps its address begins with http://, not https://.",
      });
    case "certificate":
      return new RequestError(`Unable to connect to ${apiUrl}: its certificate is not trusted (${code}).`, {
        cause: error,
        hint: "REQUESTS_CA_BUNDLE names a file with further certificates to trust.",
      });
    case "http":
      return new RequestError(`${apiUrl} does not answer in HTTP.`, { cause: error });
    default:
      return error;
  }
}

/** What of an answer can't be used, by an error of the HTTP library; undefined for other errors. */
function disorderOf(error: unknown): "tls" | "certificate" | "http" | undefined {
  const code = errorCode(error) ?? "";
  if (code.startsWith("ERR_SSL_")) return "tls";
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return "certificate";
  return isLibraryError(error) ? "http" : undefined;
}

/** The same in words about a host, without an end; undefined for other errors. */
export function disorderText(error: unknown, host: string): string | undefined {
  const code = errorCode(error) ?? "";
  const words = {
    tls: `${host} does not answer in TLS (${code})`,
    certificate: `the certificate of ${host} is not trusted (${code})`,
    http: `${host} does not answer in HTTP`,
  };
  const disorder = disorderOf(error);
  return disorder === undefined ? undefined : words[disorder];
}

/** Of the HTTP library itself, not of the system. */
function isLibraryError(error: unknown): boolean {
  return /^(UND_ERR|HPE_)/.test(errorCode(error) ?? "") || (error as Error | undefined)?.name === "HTTPParserError";
}

/** Web servers before a frontend limit uploads; what they answer is a page for browsers. */
export function uploadTooLarge(apiUrl: string): RequestError {
  return new RequestError(`The file is too large for an upload to ${apiUrl} (HTTP 413).`, { status: 413, hint: BY_ADDRESS });
}

/** The connection was never made: no byte of the request has reached the server. */
const connectErrors = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);
/** The connection broke later: the server may have acted on the request. */
const laterErrors = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** A server that does not want to read on closes the connection, often before its answer can be read. */
function uploadBroken(cause: unknown, apiUrl: string): RequestError {
  return new RequestError(`The connection to ${apiUrl} broke during the upload; perhaps the file is too large for it.`, {
    cause,
    hint: BY_ADDRESS,
  });
}

const BY_ADDRESS = "A source package that lies on a web server can be built from its address.";
