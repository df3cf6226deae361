/** A project as a file. What is not named in it stays as it is. Names are those of the API's answers. */
export interface ProjectFile {
  /** Address of this schema, for editors of JSON files; in YAML a first line `# yaml-language-server: $schema=…` says it. */
  $schema?: string;
  /** The project, as `owner/name`, `@group/name`, or `name` for one of one's own. */
  project: string;
  settings?: ProjectFileSettings;
  /** Chroots that are enabled, by name, with their settings. */
  chroots?: Record<string, ProjectFileChroot | null>;
  /** Packages by name. */
  packages?: Record<string, ProjectFilePackage | null>;
  /** What others may do, by the name of the user. */
  permissions?: Record<string, ProjectFileRoles>;
}

/** Settings of a project. */
export interface ProjectFileSettings {
  /** What it is, in Markdown. */
  description?: string;
  /** How it is installed, in Markdown. */
  instructions?: string;
  /** Address of its home page. Once there is one, the API can change but not empty it. */
  homepage?: string | null;
  /** Mail address or page of who is responsible. Once there is one, the API can change but not empty it. */
  contact?: string | null;
  /** Repositories that builds may use: http(s) addresses, or `copr://owner/project`. */
  additional_repos?: string[];
  /** Not shown on the home page of the instance. */
  unlisted_on_hp?: boolean;
  /** Builds may use the network. */
  enable_net?: boolean;
  /** Old builds are deleted; only administrators of the instance may switch it off. */
  auto_prune?: boolean;
  /** How mock makes chroots. */
  bootstrap?: "default" | "on" | "off" | "image";
  /** How mock isolates builds. */
  isolation?: "default" | "nspawn" | "simple";
  /** Metadata of the repositories is only made when somebody asks for it. */
  devel_mode?: boolean;
  /** Packages may override those of modules. */
  module_hotfixes?: boolean;
  /** AppStream metadata are generated. */
  appstream?: boolean;
  /** When Fedora is branched, the new branch's chroots are enabled. */
  follow_fedora_branching?: boolean;
  /**
   * Priority of the repository in dnf, 1 or more. Once there is one, the API can change but not remove it.
   * @minimum 1
   */
  repo_priority?: number | null;
  /** Forge projects whose Packit may build here, as `github.com/owner/name`; `*` matches any text. */
  packit_forge_projects_allowed?: string[];
  /** Projects and repositories that packages need at run time. The API does not tell it. */
  runtime_dependencies?: string[];
  /** Repositories of 64-bit chroots also offer 32-bit packages. The API does not tell it. */
  multilib?: boolean;
  /** fedora-review runs after each build. The API does not tell it. */
  fedora_review?: boolean;
  /**
   * The project is deleted after so many days, -1 for never. The API does not tell it.
   * @minimum -1
   * @maximum 720
   */
  delete_after_days?: number;
  /** Neither the project nor its builds can be deleted; only when it is made, and only by administrators of the instance. */
  persistent?: boolean;
  /** Where results are kept; only when it is made, and only by administrators of the instance. */
  storage?: "backend" | "pulp";
}

/** Settings of a project's chroot. */
export interface ProjectFileChroot {
  /** Repositories that builds in it may use. */
  additional_repos?: string[];
  /** Packages that are installed before each build. */
  additional_packages?: string[];
  /** Modules to enable, or with a `!` before them to disable, as `nodejs:20`. */
  additional_modules?: string[];
  /** Build conditionals to switch on, as rpmbuild's `--with`. */
  with_opts?: string[];
  /** Build conditionals to switch off, as rpmbuild's `--without`. */
  without_opts?: string[];
  /** How mock isolates builds. */
  isolation?: "unchanged" | "default" | "nspawn" | "simple";
  /** How mock makes the chroot. The API does not tell it. */
  bootstrap?: "unchanged" | "default" | "on" | "off" | "image" | "custom_image";
  /** Container image to make it from, for `bootstrap: custom_image`. The API does not tell it. */
  bootstrap_image?: string | null;
  /** Path of a local comps.xml, from the directory of this file; null for none. The API tells its name, but not what is in it. */
  comps?: string | null;
}

/** A package. */
export interface ProjectFilePackage {
  /** Where it comes from. A new package without it has none. */
  source?: ProjectFileSource;
  /** Webhooks rebuild it. */
  webhook_rebuild?: boolean;
  /**
   * How many of the latest builds are kept, 0 for all. The API does not tell it.
   * @minimum 0
   * @maximum 100
   */
  max_builds?: number;
  /**
   * Seconds that a build may take. The API does not tell it.
   * @minimum 0
   */
  timeout?: number;
  /** Chroots it is not built in; `*` matches any text. The API does not tell it. */
  chroot_denylist?: string[];
}

/** Where a package comes from. A field that is not named stays, or is empty where the type changes. */
export type ProjectFileSource = ScmSource | DistGitSource | PyPISource | RubyGemsSource | CustomSource | UnsetSource;

/** A version control repository. */
export interface ScmSource {
  type: "scm";
  clone_url: string;
  scm_type?: "git" | "svn";
  /** Branch, tag or commit; empty for the repository's own. */
  committish?: string;
  /** Directory with the sources. */
  subdirectory?: string;
  /** Path of the spec file below it. */
  spec?: string;
  /** Who makes the source package. */
  source_build_method?: "rpkg" | "tito" | "tito_test" | "make_srpm";
}

/** A dist-git that the instance knows. */
export interface DistGitSource {
  type: "distgit";
  /** Name of the dist-git; the instance's first when it was never said. */
  distgit?: string;
  /** As `forks/user`. */
  namespace?: string;
  committish?: string;
}

/** PyPI. */
export interface PyPISource {
  type: "pypi";
  pypi_package_name: string;
  /** Empty for the latest. */
  pypi_package_version?: string;
  spec_generator?: "pyp2rpm" | "pyp2spec";
  spec_template?: "" | "fedora" | "epel7" | "mageia" | "pld";
  /** Major versions of Python. */
  python_versions?: ("2" | "3")[];
}

/** RubyGems. */
export interface RubyGemsSource {
  type: "rubygems";
  gem_name: string;
}

/** A script that makes the sources. */
export interface CustomSource {
  type: "custom";
  /** At most 4096 characters. */
  script: string;
  /** Where it runs, as `fedora-latest-x86_64`. */
  chroot?: string;
  /** Packages that it needs, separated by blanks. */
  builddeps?: string;
  /** Where it leaves what it made. */
  resultdir?: string;
  /** Repositories for `builddeps`. */
  repos?: string[];
}

/** None that the API could set: the package is built from what somebody uploads. */
export interface UnsetSource {
  type: "unset";
}

/** What a user may do. */
export interface ProjectFileRoles {
  /** May build. */
  builder?: ProjectFileRoleState;
  /** May change the project. */
  admin?: ProjectFileRoleState;
}

/** How far a user has got with a role. */
export type ProjectFileRoleState = "nothing" | "request" | "approved";
