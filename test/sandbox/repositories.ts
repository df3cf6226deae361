import type { Project, ProjectChroot } from "./models.ts";
import type { World } from "./world.ts";

/** A DNF repository of a buildroot; absent keys stay absent in task definitions. */
export interface Repository {
  id: string;
  name: string;
  baseurl: string;
  priority?: number | null;
  repo_gpgcheck?: boolean;
  module_hotfixes?: boolean;
}

/** Of the repositories of a project; it is not told. */
const DEFAULT_PRIORITY = 99;

export function fullName(project: Project): string {
  return `${project.ownername}/${project.name}`;
}

/** Where the results of a project, or of one of its directories, are published. No slash at the end. */
export function resultsUrl(url: string, ownername: string, dirname: string): string {
  return `${url}/results/${ownername}/${dirname}`;
}

/** Every repository that a buildroot of this chroot sees, the project's own one first. */
export function chrootRepositories(world: World, project: Project, chroot: ProjectChroot, dirname = project.name): Repository[] {
  const { url } = world;
  const priority = project.settings.repo_priority === DEFAULT_PRIORITY ? null : project.settings.repo_priority;
  const own = `${resultsUrl(url, project.ownername, project.name)}/${chroot.name}/`;
  const base = { id: "copr_base", name: "Copr repository", baseurl: own, priority, repo_gpgcheck: false };
  const repositories: Repository[] = [project.settings.module_hotfixes ? { ...base, module_hotfixes: true } : base];
  if (project.settings.devel_mode) {
    repositories.push({
      id: "copr_base_devel",
      name: "Copr buildroot",
      baseurl: `${own}devel/`,
      priority,
      repo_gpgcheck: false,
    });
  }
  if (dirname !== project.name) {
    repositories.push({
      id: "copr_coprdir",
      name: "Coprdir repository",
      baseurl: `${resultsUrl(url, project.ownername, dirname)}/${chroot.name}/`,
      priority,
      repo_gpgcheck: false,
    });
  }
  const extra = [...project.settings.additional_repos, ...chroot.additional_repos];
  return [...repositories, ...extra.map((address) => additionalRepository(world, address, chroot.name))];
}

/** A repository given by the user: any URL, or `copr://owner/project`, `?priority=N` allowed. */
export function additionalRepository(world: World, address: string, chroot?: string): Repository {
  const [location = "", query] = address.split("?");
  const id = address.replaceAll(/[^a-zA-Z0-9]+/g, "_").replace(/^_|_$/g, "");
  const repository: Repository = { id, name: `Additional repo ${id}`, baseurl: location };
  if (chroot !== undefined) repository.baseurl = location.replaceAll("$chroot", chroot);
  if (location.startsWith("copr://")) {
    const project = location.slice("copr://".length);
    repository.baseurl = `${world.url}/results/${project}/${chroot === undefined ? "" : `${chroot}/`}`;
    repository.repo_gpgcheck = false;
    const [owner = "", name = ""] = project.split("/");
    if (world.findProject(owner, name)?.settings.module_hotfixes) repository.module_hotfixes = true;
  }
  const priority = new URLSearchParams(query).get("priority");
  if (priority !== null) repository.priority = Number(priority);
  return repository;
}
