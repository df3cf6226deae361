/** The library: a client of Fedora Copr's frontend. */
export * from "./api/index.ts";
export { type Client, type ClientOptions, type ConnectionOptions, createClient, createClientFromConfig } from "./client.ts";
export type { Credentials } from "./http/authorization.ts";
export { downloadResults, type DownloadRequest, type DownloadResult, type WantedFiles } from "./builds/download.ts";
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
export { BatchSubmitter, type BatchItem, type BatchSubmitterOptions } from "./batch/batch-submitter.ts";
export { type BatchIdentity, Journal } from "./batch/journal.ts";
export { type OrderedPackage, orderPackages, type PackageToOrder } from "./batch/order.ts";
export type { SentSource } from "./builds/sent-source.ts";
export { type SentBuild, submitOnce, type SubmitOptions } from "./builds/submit-once.ts";
export { explainLog } from "./explain/explain.ts";
export type { Category, ExplainedLog, Explanation, LogLine, Phase } from "./explain/explanation.ts";
export { pages } from "./api/pages.ts";
export type { QueryValue } from "./http/api-url.ts";
export type { ApiRequest, RawRequest, RawResponse } from "./http/transport.ts";
export { version } from "./version.ts";
export { AmbiguousChrootError, type BuildLogsRequest, followBuildLogs } from "./builds/build-logs.ts";
export type { BuildPart } from "./builds/build-sight.ts";
export { followLog, type LogEvent, type LogRequest } from "./builds/logs.ts";
export type { Pace } from "./http/followed-file.ts";
export { type StateChange, type WatchOptions, watchBuilds } from "./builds/watch.ts";
export type { FinishedEvent, StateEvent } from "./builds/build-events.ts";
export type { BuildRecord, ChrootRecord } from "./builds/build-record.ts";
export { type ExplainedBuild, explainBuild, type FailureCause } from "./builds/explain-build.ts";
export { type BuildWatch, watchBuild } from "./builds/watch-build.ts";
