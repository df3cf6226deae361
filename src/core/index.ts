/** The library: a client of Fedora Copr's frontend. */
export * from "./api.ts";
export { type Client, type ClientOptions, type ConnectionOptions, createClient, createClientFromConfig } from "./client.ts";
export type { Credentials } from "./authorization.ts";
export { downloadResults, type DownloadRequest, type DownloadResult, type WantedFiles } from "./download.ts";
export {
  AuthenticationError,
  BuildError,
  ConfigurationError,
  CoprError,
  type ErrorDetails,
  RequestError,
  ResponseError,
  TimeoutError,
  UsageError,
} from "./errors.ts";
export { pages } from "./pages.ts";
export type { QueryValue } from "./api-url.ts";
export type { ApiRequest, RawRequest, RawResponse } from "./transport.ts";
export { version } from "./version.ts";
export { type StateChange, type WatchOptions, watchBuilds } from "./watch.ts";
