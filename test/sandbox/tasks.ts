import { MEMORY_LIMIT_MIB } from "./build-options.ts";
import { effectiveConfig, moduleToggles } from "./chroot-config.ts";
import { type Build, sourceTypeNumbers } from "./models.ts";
import { additionalRepository } from "./repositories.ts";
import type { World } from "./world.ts";

/** The name that stands for a chroot in sources of tasks, `fedora-43` for `fedora-43-x86_64`. */
export function distribution(chroot: string): string {
  return chroot.slice(0, chroot.lastIndexOf("-"));
}

/** The definition of a source task, as `copr-builder` reads it. */
export function srpmTask(world: World, build: Build) {
  const { project, source, options } = build;
  const isCustom = source.type === "custom";
  const repos = isCustom ? String(source.dict["repos"]).split(/\s+/).filter(Boolean) : [];
  return {
    appstream: project.settings.appstream,
    background: options.background,
    build_id: build.id,
    chroot: isCustom ? source.dict["chroot"] : null,
    distributions_in_build: distributions(build.chroots.map((chroot) => chroot.name)),
    distributions_in_project: distributions([...project.chroots.keys()]),
    package_name: build.package?.name ?? null,
    project_dirname: options.project_dirname,
    project_name: project.name,
    project_owner: project.ownername,
    repos: repos.map((address) => additionalRepository(world, address)),
    sandbox: sandboxName(build),
    source_json: JSON.stringify(source.dict),
    source_type: sourceTypeNumbers[source.type],
    submitter: build.submitter,
    task_id: String(build.id),
  };
}

/**
 * The definition of an RPM task; null while there is no package yet and when the project has lost the
 * chroot, as on the real frontend.
 */
export function rpmTask(world: World, build: Build, chrootName: string) {
  const { project, options } = build;
  const chroot = project.chroots.get(chrootName);
  const buildChroot = build.chroots.find((each) => each.name === chrootName);
  if (chroot === undefined || buildChroot === undefined || build.package === null) return null;
  const { settings } = project;
  return {
    allow_user_ssh: false,
    appstream: settings.appstream,
    background: options.background,
    build_id: build.id,
    buildroot_pkgs: chroot.additional_packages,
    chroot: chrootName,
    fedora_review: settings.fedora_review,
    git_hash: buildChroot.git_hash,
    git_repo: `${world.url}/git/${project.ownername}/${project.name}/${build.package.name}`,
    memory_reqs: MEMORY_LIMIT_MIB,
    modules: moduleToggles(chroot),
    package_name: build.package.name,
    package_version: build.version,
    project_dirname: options.project_dirname,
    project_name: project.name,
    project_owner: project.ownername,
    repo_priority: settings.repo_priority,
    sandbox: sandboxName(build),
    ssh_public_keys: null,
    storage: 0,
    submitter: build.submitter,
    tags: [],
    task_id: `${build.id}-${chrootName}`,
    timeout: options.timeout,
    uses_devel_repo: settings.devel_mode,
    with_opts: chroot.with_opts,
    without_opts: chroot.without_opts,
    ...effectiveConfig(world, build, chroot),
  };
}

/** Builds of one owner, project and submitter may share a builder; the name of what they share. */
export function sandboxName(build: Build): string {
  return `${build.project.ownername}/${build.project.name}--${build.submitter}`;
}

function distributions(chroots: readonly string[]): string[] {
  return [...new Set(chroots.map(distribution))].toSorted();
}
