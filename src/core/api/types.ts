/** Objects of API v3 as the frontend spells them. Answers pass through whole: fields not named here stay in them. */

/** States of a build and of its chroots. A newer frontend may send others. */
export type BuildState =
  | "importing"
  | "pending"
  | "starting"
  | "running"
  | "waiting"
  | "succeeded"
  | "skipped"
  | "forked"
  | "failed"
  | "canceled"
  | "unknown";

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

export interface BuildChroot {
  name: string;
  state: BuildState;
  started_on: number | null;
  ended_on: number | null;
  /** Ends in `/`; null before there is a result directory. */
  result_url: string | null;
}

export interface SourceChroot {
  state: BuildState;
  result_url: string | null;
}

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

export interface SourceBuildConfig {
  source_type: string;
  source_dict: Record<string, unknown>;
  memory_limit: number;
  timeout: number;
  is_background: boolean;
}

export interface Nevra {
  name: string;
  epoch: number | null;
  version: string;
  release: string;
  arch: string;
}

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
}

export interface Repository {
  id: string;
  name: string;
  baseurl: string;
  priority?: number | null;
  module_hotfixes?: boolean | null;
  repo_gpgcheck?: boolean | null;
}

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

export interface MonitoredChroot {
  state: BuildState;
  status: number;
  build_id: number;
  pkg_version: string | null;
  url_build_log?: string | null;
  url_backend_log?: string | null;
}

export interface Monitor {
  packages: { name: string; chroots: Record<string, MonitoredChroot> }[];
}

/** A page of a list. */
export interface Page<T> {
  items: T[];
  meta: { limit: number | null; offset: number | null; order: string | null; order_type: string | null };
}

/** The project a route is about. */
export interface ProjectRef {
  ownername: string | undefined;
  projectname: string;
}
