import type { Package, Project, ProjectChroot, WebhookSecret } from "../../core/api/index.ts";
import type { CreatedProject } from "../create-unless-there.ts";
import type { BatchEvent, BatchPlan } from "../batch/output.ts";
import type { DeletedBuilds } from "../commands/delete-build.ts";
import type { LoginRecord } from "../account/sign-in.ts";
import type { LogoutRecord } from "../commands/logout.ts";
import type { Finding } from "../doctor/finding.ts";
import type { AccountStatus } from "../../core/account/account-status.ts";
import type { DownloadedChroot } from "../commands/download-build.ts";
import type { UpdatedPermissions } from "../commands/edit-permissions.ts";
import type { ListedBuild } from "../commands/list-builds.ts";
import type { ListedChroot } from "../commands/list-chroots.ts";
import type { NamedPackage } from "../commands/list-package-names.ts";
import type { UserPermissions } from "../commands/list-permissions.ts";
import type { MockConfig } from "../commands/mock-config.ts";
import type { MonitoredBuild } from "../commands/monitor.ts";
import type { RenewedToken } from "../commands/new-api-token.ts";
import type { OpenedPage } from "../commands/open.ts";
import type { RepoFileRecord } from "../commands/repo.ts";
import type { RequestedPermissions } from "../commands/request-permissions.ts";
import type { BuildStatus } from "../commands/status.ts";
import type { Account } from "../commands/whoami.ts";
import type { CanceledBuild } from "../many/canceled-build.ts";
import type { ItemResult } from "../many/item-result.ts";
import type { RebuildDocument, RebuiltEvent } from "../many/rebuilt-build.ts";
import type { BuildRecord } from "../../core/builds/build-record.ts";
import type { CauseRecord, ExplanationDocument } from "../explain/cause-record.ts";
import type { LocalBuild } from "../local-builder/local-build-record.ts";
import type { LogLineRecord } from "../logs/data.ts";
import type { BoardRow } from "../../core/builds/project-board.ts";
import type { BuildEvent, BuildsDocument } from "../waiting/printing.ts";
import type { ProjectFile } from "../../core/project-file/project-file.ts";
import type { AppliedChangeRecord, PlannedChange } from "../project-file/change-record.ts";
import type { ErrorDocument } from "../../core/records/error-document.ts";
import type { ShownPackage } from "./shapes/package.ts";

/** A command that tells of one thing. */
interface One<T> {
  json: T;
  jsonl: T;
}

/** A command that lists things: an array, or one a line. */
interface Many<T> {
  json: T[];
  jsonl: T;
}

/** A command that waits for builds: the builds at its end, or what happens to them as it happens. */
interface Waiting {
  json: BuildsDocument;
  jsonl: BuildEvent;
}

/** What every command prints in `json`, and as a line of `jsonl`. The schemas in docs/json are made of this. */
export interface Documents extends PackageDocuments {
  /** Several for `--all`. */
  "auth-status": { json: AccountStatus | AccountStatus[]; jsonl: AccountStatus };
  apply: Many<AppliedChangeRecord>;
  board: Many<BoardRow>;
  build: Waiting;
  "build-batch": { json: BuildsDocument | BatchPlan; jsonl: BatchEvent };
  "build-distgit": Waiting;
  "build-package": Waiting;
  buildcustom: Waiting;
  buildgem: Waiting;
  buildpypi: Waiting;
  buildscm: Waiting;
  /** One build is told as itself, several as a list. */
  cancel: { json: (CanceledBuild & ItemResult) | (CanceledBuild & ItemResult)[]; jsonl: CanceledBuild & ItemResult };
  create: One<CreatedProject>;
  delete: One<Project>;
  "delete-build": One<DeletedBuilds>;
  "delete-package": One<Package>;
  doctor: Many<Finding>;
  "download-build": Many<DownloadedChroot>;
  "edit-chroot": One<ProjectChroot>;
  "edit-permissions": One<UpdatedPermissions>;
  explain: { json: ExplanationDocument; jsonl: CauseRecord };
  export: One<ProjectFile>;
  fork: One<Project>;
  get: One<Project>;
  "get-build": One<BuildRecord>;
  "get-chroot": One<ProjectChroot>;
  "get-package": One<ShownPackage>;
  list: Many<Project>;
  "list-builds": Many<ListedBuild>;
  "list-chroots": Many<ListedChroot>;
  "list-package-names": Many<NamedPackage>;
  "list-packages": Many<ShownPackage>;
  "list-permissions": Many<UserPermissions>;
  login: One<LoginRecord>;
  logout: One<LogoutRecord>;
  "local-build": One<LocalBuild>;
  logs: Many<LogLineRecord>;
  "mock-config": One<MockConfig>;
  modify: One<Project>;
  monitor: Many<MonitoredBuild>;
  "new-api-token": One<RenewedToken>;
  "new-webhook-secret": One<WebhookSecret>;
  open: One<OpenedPage>;
  rebuild: { json: RebuildDocument; jsonl: RebuiltEvent | BuildEvent };
  plan: Many<PlannedChange>;
  "regenerate-repos": One<Project>;
  repo: One<RepoFileRecord>;
  reproduce: One<LocalBuild>;
  "request-permissions": One<RequestedPermissions>;
  "reset-package": One<Package>;
  status: One<BuildStatus>;
  "watch-build": Waiting;
  whoami: One<Account>;
}

/** The commands that add and change packages, one pair for each kind of source. */
type PackageDocuments = Record<`${"add" | "edit"}-package-${"custom" | "distgit" | "pypi" | "rubygems" | "scm"}`, One<Package>>;

/** What goes to standard error instead. */
export type { ErrorDocument };
