/** The library: a client of Fedora Copr's frontend. */
export { type LoggedIn, login, type LoginRequest } from "./account/login.ts";
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
export { type BatchEntry, type BatchFile, readBatchFile } from "./batch/batch-file.ts";
export { BatchSubmitter, type BatchItem, type BatchSubmitterOptions } from "./batch/batch-submitter.ts";
export { type BatchIdentity, type BatchManner, Journal } from "./batch/journal.ts";
export { NoOrderError, type OrderedPackage, orderPackages, type PackageToOrder } from "./batch/order.ts";
export type { SentSource } from "./builds/sent-source.ts";
export { isDoubtfulAnswer, type SentBuild, submitOnce, type SubmitOptions } from "./builds/submit-once.ts";
export { explainLog } from "./explain/explain.ts";
export type { Category, ExplainedLog, Explanation, LogLine, Phase } from "./explain/explanation.ts";
export { pages } from "./api/pages.ts";
export type { QueryValue } from "./http/api-url.ts";
export type { ApiRequest, RawRequest, RawResponse } from "./http/transport.ts";
export { version } from "./version.ts";
export { type BuildLogsRequest, followBuildLogs } from "./builds/build-logs.ts";
export { AmbiguousChrootError } from "./builds/meant-part.ts";
export type { BuildPart } from "./builds/build-sight.ts";
export { followLog, type LogEvent, type LogRequest } from "./builds/logs.ts";
export type { Pace } from "./http/followed-file.ts";
export { type StateChange, type WatchOptions, watchBuilds } from "./builds/watch.ts";
export type { FinishedEvent, StateEvent } from "./builds/build-events.ts";
export type { BuildRecord, ChrootRecord } from "./builds/build-record.ts";
export { type ExplainedBuild, explainBuild, type FailureCause } from "./builds/explain-build.ts";
export { type BuildWatch, watchBuild } from "./builds/watch-build.ts";
export { planRebuild, rebuild, type RebuildOptions, type RebuildPlan, submitRebuild } from "./builds/rebuild.ts";
export { planProjectRebuild, type ProjectRebuildRequest } from "./builds/rebuild-project.ts";
export type { ChrootChoice, LeftOutChroot } from "./builds/chroot-choice.ts";
export { KnownProjects } from "./builds/known-projects.ts";
export { type AppliedChange, applyProject, type PlanOptions, planProject, type ProjectPlan } from "./project-file/plan-project.ts";
export type { Change, Step } from "./project-file/change.ts";
export { type ExportedProject, exportProject } from "./project-file/export-project.ts";
export type { FullProjectRef } from "./project-file/present-project.ts";
export type * from "./project-file/project-file.ts";
export { ProjectFileError } from "./project-file/project-file-error.ts";
export { readProjectFile, updateProjectFile, writeProjectFile } from "./project-file/project-text.ts";
