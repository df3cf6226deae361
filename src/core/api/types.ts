/** Objects of API v3 as the frontend spells them. Answers pass through whole: fields not named here stay in them. */

/** States of a build and of its chroots. A newer frontend may send others. */
export const buildStates = [
  "importing",
  "pending",
  "starting",
  "running",
  "waiting",
  "succeeded",
  "skipped",
  "forked",
  "failed",
  "canceled",
  "unknown",
] as const;
/** One of them. */
export type BuildState = (typeof buildStates)[number];

/** A build: one source package, in several chroots. */
export interface Build {
  id: number;
  state: BuildState;
  ownername: string;
  projectname: string;
  /** Project directory, e.g. `prj:pr:12`; equal to `projectname` for the main one. */
  project_dirname: string;
  chroots: string[];
  is_background: boolean;
  repo_url: string;
  submitter: string | null;
  /** Epoch seconds, as the two below. */
  submitted_on: number;
  started_on: number | null;
  ended_on: number | null;
  source_package: { name: string | null; url: string | null; version: string | null };
}

/** A build's part in one chroot. */
export interface BuildChroot {
  name: string;
  state: BuildState;
  started_on: number | null;
  ended_on: number | null;
  /** Ends in `/`; null before there is a result directory. */
  result_url: string | null;
}

/** A build's SRPM phase. */
export interface SourceChroot {
  state: BuildState;
  result_url: string | null;
}

/** Settings a build had in one chroot. Keys without a value are left out. */
export interface BuildChrootConfig {
  repos: Repository[];
  additional_repos: string[];
  additional_packages: string[];
  with_opts: string[];
  without_opts: string[];
  enable_net: boolean;
  is_background: boolean;
  memory_limit: number;
  timeout: number;
  bootstrap?: string;
  bootstrap_image?: string;
}

/** How a build was submitted. */
export interface SourceBuildConfig {
  source_type: string;
  source_dict: Record<string, unknown>;
  /** Megabytes. */
  memory_limit: number;
  timeout: number;
  is_background: boolean;
}

/** A built package. */
export interface Nevra {
  name: string;
  epoch: number | null;
  version: string;
  release: string;
  arch: string;
}

/** A project, as every route about projects answers it. */
export interface Project {
  id: number;
  name: string;
  ownername: string;
  /** `owner/name`, `@group/name`. */
  full_name: string;
  description: string | null;
  instructions: string | null;
  homepage: string | null;
  contact: string | null;
  /** Chroot name: address of its repository. */
  chroot_repos: Record<string, string>;
  additional_repos: string[];
  packit_forge_projects_allowed: string[];
  persistent: boolean;
  auto_prune: boolean;
  devel_mode: boolean;
  unlisted_on_hp: boolean;
  enable_net: boolean;
  appstream: boolean;
  module_hotfixes: boolean;
  follow_fedora_branching: boolean;
  bootstrap: string | null;
  isolation: string | null;
  repo_priority: number | null;
  storage: "backend" | "pulp";
}

/** Settings of a project's chroot. */
export interface ProjectChroot {
  mock_chroot: string;
  ownername: string;
  projectname: string;
  additional_repos: string[];
  additional_packages: string[];
  additional_modules: string[];
  with_opts: string[];
  without_opts: string[];
  isolation: string | null;
  comps_name: string | null;
  delete_after_days: number | null;
  /** Older frontends do not send it. */
  follow_fedora_branching?: boolean;
}

/** A DNF repository of a chroot. */
export interface Repository {
  id: string;
  name: string;
  baseurl: string;
  priority?: number | null;
  module_hotfixes?: boolean | null;
  repo_gpgcheck?: boolean | null;
}

/** What a builder would use in a project's chroot. */
export interface ProjectChrootBuildConfig {
  chroot: string;
  repos: Repository[];
  additional_repos: string[];
  additional_packages: string[];
  additional_modules: string[];
  with_opts: string[];
  without_opts: string[];
  enable_net: boolean;
  /** The chroot's own setting, so it may be `unchanged`. */
  isolation: string | null;
  bootstrap?: string | null;
  bootstrap_image?: string | null;
}

/** A package of a project, with the source it is built from. */
export interface Package {
  id: number;
  name: string;
  ownername: string;
  projectname: string;
  source_type: string;
  source_dict: Record<string, unknown>;
  auto_rebuild: boolean;
  /** Missing in answers of frontends older than 1.167. */
  builds?: { latest: Build | null; latest_succeeded: Build | null };
}

/** A package's latest build in one chroot. */
export interface MonitoredChroot {
  state: BuildState;
  /** The state as a number. */
  status: number;
  build_id: number;
  pkg_version: string | null;
  url_build_log?: string | null;
  url_backend_log?: string | null;
}

/** Latest builds of a project. */
export interface Monitor {
  packages: { name: string; chroots: Record<string, MonitoredChroot> }[];
}

/** What DNF's plugin asks for before it enables a project. */
export interface RpmRepo {
  /** Address below which results lie. */
  results_url: string;
  /** By release (`fedora-43`), then by architecture. */
  repos: Record<string, { arch: Record<string, RpmRepoArchitecture> }>;
  /** Project directories. */
  directories: Record<string, { delete_after_days?: number }>;
  /** Repositories that packages of this one need. */
  dependencies: RpmRepoDependency[];
  delete_after_days?: number;
  /** Key of the packages, where it does not lie beside the results. */
  pubkey_url?: string;
}

/** Options of a section of a `.repo` file. */
export interface RpmRepoOptions {
  module_hotfixes?: "1";
  priority?: number;
  cost?: string;
}

/** A project's repository for one release and architecture. */
export interface RpmRepoArchitecture {
  opts: RpmRepoOptions;
  delete_after_days?: number;
  /** By architecture, e.g. `i386` beside x86_64. */
  multilib?: Record<string, { opts: RpmRepoOptions }>;
}

/** Another project, or an address with variables such as `$basearch`. */
export type RpmRepoDependency = { opts: RpmRepoOptions & { id: string; name: string } } & (
  | { type: "copr"; data: { owner: string; projectname: string } }
  | { type: "external_baseurl"; data: { pattern: string } }
);

/** A page of a list. */
export interface Page<T> {
  items: T[];
  meta: { limit: number | null; offset: number | null; order: string | null; order_type: string | null };
}

/** For routes that have a second form, a deprecated method or address that their descriptions name. */
export interface TwinOptions {
  /** Calls the second form, e.g. where a proxy lets nothing but GET and POST through. */
  twin?: boolean;
}

/** The project a route is about. */
export interface ProjectRef {
  ownername: string | undefined;
  projectname: string;
}
