import { buildState, endedOn, startedOn } from "./build-state.ts";
import type { Build, BuildChroot, BuiltPackage, Package, Project, ProjectChroot } from "./models.ts";
import { DAYS_LEFT } from "./project-settings.ts";
import { fullName, type Repository, resultsUrl } from "./repositories.ts";
import type { World } from "./world.ts";

/** The objects of API v3, exactly the fields of its schemas and in their order. */

export function projectOnWire(world: World, project: Project) {
  const { fedora_review: _1, multilib: _2, delete_after_days: _3, runtime_dependencies: _4, ...settings } = project.settings;
  const results = resultsUrl(world.url, project.ownername, project.name);
  return {
    name: project.name,
    ...settings,
    id: project.id,
    ownername: project.ownername,
    full_name: fullName(project),
    chroot_repos: Object.fromEntries([...project.chroots.keys()].map((name) => [name, `${results}/${name}/`])),
  };
}

export function buildOnWire(world: World, build: Build) {
  return {
    chroots: build.chroots.map((chroot) => chroot.name),
    ended_on: endedOn(build),
    id: build.id,
    is_background: build.options.background,
    ownername: build.project.ownername,
    project_dirname: build.options.project_dirname,
    projectname: build.project.name,
    repo_url: resultsUrl(world.url, build.project.ownername, build.project.name),
    started_on: startedOn(build),
    state: buildState(build),
    submitted_on: build.submitted_on,
    submitter: build.submitter,
    source_package: { name: build.package?.name ?? null, url: build.srpm_url, version: build.version },
  };
}

export function buildChrootOnWire(world: World, build: Build, chroot: BuildChroot) {
  return {
    started_on: chroot.started_on,
    ended_on: chroot.ended_on,
    state: chroot.state,
    name: chroot.name,
    result_url: resultUrl(world, build, chroot.name, chroot.result_dir),
  };
}

/** `chroot` may also be the `srpm-builds` directory of source builds. */
export function resultUrl(world: World, build: Build, chroot: string, directory: string | null): string | null {
  if (directory === null) return null;
  const results = resultsUrl(world.url, build.project.ownername, build.options.project_dirname);
  return `${results}/${chroot}/${directory}/`;
}

export function nevraOnWire({ name, release, version, arch, epoch }: BuiltPackage) {
  return { name, release, version, arch, epoch };
}

export function projectChrootOnWire(project: Project, chroot: ProjectChroot) {
  return {
    additional_repos: chroot.additional_repos,
    additional_packages: chroot.additional_packages,
    additional_modules: chroot.additional_modules,
    with_opts: chroot.with_opts,
    without_opts: chroot.without_opts,
    isolation: chroot.isolation,
    mock_chroot: chroot.name,
    ownername: project.ownername,
    projectname: project.name,
    comps_name: chroot.comps_name,
    delete_after_days: project.disabledChroots.has(chroot.name) ? DAYS_LEFT : null,
  };
}

export function repositoryOnWire(repository: Repository) {
  return {
    baseurl: repository.baseurl,
    module_hotfixes: repository.module_hotfixes ?? null,
    priority: repository.priority ?? null,
    repo_gpgcheck: repository.repo_gpgcheck ?? null,
    id: repository.id,
    name: repository.name,
  };
}

export interface PackageBuilds {
  withLatest: boolean;
  withLatestSucceeded: boolean;
}

export function packageOnWire(world: World, each: Package, builds?: PackageBuilds) {
  const own = world.builds.filter((build) => build.package === each).toReversed();
  const latest = builds?.withLatest ? own[0] : undefined;
  const succeeded = builds?.withLatestSucceeded ? own.find((build) => buildState(build) === "succeeded") : undefined;
  return {
    id: each.id,
    name: each.name,
    ownername: each.project.ownername,
    projectname: each.project.name,
    source_type: each.source.type,
    source_dict: packageSource(each.source.dict),
    auto_rebuild: each.webhook_rebuild,
    builds: {
      latest: latest === undefined ? null : buildOnWire(world, latest),
      latest_succeeded: succeeded === undefined ? null : buildOnWire(world, succeeded),
    },
  };
}

/** Packages publish the build method under another name than tasks do. */
function packageSource(dict: Record<string, unknown>): Record<string, unknown> {
  const renamed = Object.entries(dict).map(([key, value]) => [key === "srpm_build_method" ? "source_build_method" : key, value]);
  return Object.fromEntries(renamed) as Record<string, unknown>;
}
