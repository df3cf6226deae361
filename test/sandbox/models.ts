/** What the sandbox remembers. Keys that travel over the wire keep the frontend's spelling. */

/** The frontend's own numbers for the states; `monitor` sends both number and word. */
export const stateNumbers = {
  failed: 0,
  succeeded: 1,
  canceled: 2,
  running: 3,
  pending: 4,
  skipped: 5,
  starting: 6,
  importing: 7,
  forked: 8,
  waiting: 9,
} as const;

export type State = keyof typeof stateNumbers;

export interface Account {
  id: number;
  name: string;
  login: string;
  token: string;
  expiration: string;
}

export interface ProjectSettings {
  persistent: boolean;
  additional_repos: string[];
  storage: string;
  homepage: string | null;
  contact: string | null;
  description: string;
  instructions: string;
  devel_mode: boolean;
  unlisted_on_hp: boolean;
  auto_prune: boolean;
  enable_net: boolean;
  bootstrap: string;
  isolation: string;
  module_hotfixes: boolean;
  appstream: boolean;
  packit_forge_projects_allowed: string[];
  follow_fedora_branching: boolean;
  repo_priority: number | null;
  fedora_review: boolean;
  /** This and the next two are told by no route, as fedora_review. */
  multilib: boolean;
  /** -1: never. */
  delete_after_days: number;
  runtime_dependencies: string[];
}

export type PermissionState = "nothing" | "request" | "approved";

export interface Permission {
  admin: PermissionState;
  builder: PermissionState;
}

export interface ProjectChroot {
  name: string;
  additional_repos: string[];
  additional_packages: string[];
  additional_modules: string[];
  with_opts: string[];
  without_opts: string[];
  isolation: string;
  bootstrap: string;
  bootstrap_image: string | null;
  comps_name: string | null;
  /** What is in it, which no route tells. */
  comps: string | null;
}

export interface Project {
  id: number;
  ownername: string;
  /** The user who made it: that of a group's project, too, counts as its owner where permissions are given. */
  creator: string;
  name: string;
  settings: ProjectSettings;
  chroots: Map<string, ProjectChroot>;
  /** Those of the last days: when they are enabled again, they have the settings that they had. */
  disabledChroots: Map<string, ProjectChroot>;
  permissions: Map<string, Permission>;
}

/** How a package or a build gets its SRPM: the type's word and its source_json. */
export interface Source {
  type: SourceType;
  dict: Record<string, unknown>;
}

/** The numbers are those of `source_type` in SRPM task definitions. */
export const sourceTypeNumbers = {
  unset: 0,
  link: 1,
  upload: 2,
  pypi: 5,
  rubygems: 6,
  scm: 8,
  custom: 9,
  distgit: 10,
} as const;

export type SourceType = keyof typeof sourceTypeNumbers;

export interface Package {
  id: number;
  name: string;
  project: Project;
  source: Source;
  webhook_rebuild: boolean;
  timeout: number | null;
  /** This and the next are told by no route, as the timeout. */
  max_builds: number | null;
  chroot_denylist: string;
}

/** NEVRA of a built RPM as `results.json` and the API spell it. */
export interface BuiltPackage {
  name: string;
  epoch: number | null;
  version: string;
  release: string;
  arch: string;
}

export interface BuildChroot {
  name: string;
  state: State;
  started_on: number | null;
  ended_on: number | null;
  result_dir: string | null;
  git_hash: string | null;
  built_packages: BuiltPackage[];
}

export interface BuildOptions {
  /** null: decided when the SRPM is known, all chroots of the project at that time. */
  chroots: string[] | null;
  timeout: number;
  background: boolean;
  bootstrap: string;
  isolation: string;
  enable_net: boolean;
  project_dirname: string;
  batch: Batch | null;
}

/** Builds of one batch run together, and only when the batch before it is over. */
export interface Batch {
  id: number;
  after: Batch | null;
  builds: Build[];
}

export interface Build {
  id: number;
  project: Project;
  submitter: string;
  submitted_on: number;
  options: BuildOptions;
  source: Source;
  source_state: State;
  source_result_dir: string | null;
  package: Package | null;
  version: string | null;
  srpm_url: string | null;
  canceled: boolean;
  chroots: BuildChroot[];
}
