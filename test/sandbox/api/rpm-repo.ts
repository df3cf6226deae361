import { DAYS_LEFT } from "../project-settings.ts";
import { type Call, parameter, type Router } from "../routing.ts";

export function addRpmRepoRoutes(router: Router): void {
  router.onGet("/rpmrepo/:owner/:dirname/:release", rpmRepo);
}

/** All releases, whichever is asked for, and those of chroots that were disabled lately. Multilib and dependencies are left out. */
function rpmRepo(call: Call) {
  const { world } = call;
  const name = parameter(call, "dirname").split(":", 1)[0] as string;
  const project = world.project(parameter(call, "owner"), name);
  const { module_hotfixes: hotfixes, repo_priority: priority } = project.settings;
  const opts = { ...(hotfixes && { module_hotfixes: "1" }), ...(priority !== null && { priority }) };
  const repos: Record<string, { arch: Record<string, object> }> = {};
  for (const chroot of [...project.chroots.keys(), ...project.disabledChroots.keys()]) {
    const dash = chroot.lastIndexOf("-");
    const release = (repos[chroot.slice(0, dash)] ??= { arch: {} });
    release.arch[chroot.slice(dash + 1)] = project.chroots.has(chroot) ? { opts } : { opts, delete_after_days: DAYS_LEFT };
  }
  const directories = world.builds.filter((build) => build.project === project).map(({ options }) => options.project_dirname);
  return {
    results_url: `${world.url}/results`,
    repos,
    directories: Object.fromEntries([project.name, ...directories].map((directory) => [directory, {}])),
    dependencies: [],
  };
}
