import { ApiError } from "../api-error.ts";
import { type Build, type BuildChroot, type Package, type Project, stateNumbers } from "../models.ts";
import { fullName } from "../repositories.ts";
import type { Call, Router } from "../routing.ts";
import { resultUrl } from "../wire.ts";
import { projectInQuery } from "./project.ts";

const urlFields = ["url_build_log", "url_backend_log", "url_build"];

export function addMonitorRoutes(router: Router): void {
  router.onGet("/monitor", monitor);
}

/** The newest build of every package in every chroot; packages without builds are not listed. */
function monitor(call: Call) {
  const project = projectInQuery(call);
  const dirname = call.query.get("project_dirname") ?? project.name;
  const isKnown = dirname === project.name || call.world.builds.some((build) => isIn(build, project, dirname));
  if (!isKnown) throw new ApiError(404, `Dirname '${dirname}' doesn't exist in '${fullName(project)}' copr`);
  const fields = call.query.getAll("additional_fields[]");
  const wrong = fields.filter((field) => !urlFields.includes(field));
  if (wrong.length > 0) throw new ApiError(400, `Wrong additional_fields argument(s): ${wrong.join(", ")}`);
  const packages = call.world.packages
    .filter((each) => each.project === project)
    .map((each) => ({ name: each.name, chroots: packageChroots(call, each, dirname, fields) }))
    .filter((each) => Object.keys(each.chroots).length > 0);
  return { output: "ok", message: "Project monitor request successful", packages };
}

function isIn(build: Build, project: Project, dirname: string): boolean {
  return build.project === project && build.options.project_dirname === dirname;
}

function packageChroots(call: Call, each: Package, dirname: string, fields: readonly string[]) {
  const chroots: Record<string, unknown> = {};
  const builds = call.world.builds.filter((build) => build.package === each && build.options.project_dirname === dirname);
  for (const build of builds) {
    for (const chroot of build.chroots) {
      if (each.project.chroots.has(chroot.name)) chroots[chroot.name] = cell(call, build, chroot, fields);
    }
  }
  return chroots;
}

function cell(call: Call, build: Build, chroot: BuildChroot, fields: readonly string[]) {
  const results = resultUrl(call.world, build, chroot.name, chroot.result_dir);
  const page = `${call.world.url}/coprs/build/${build.id}`;
  const urls = {
    url_build_log: results === null ? null : `${results}builder-live.log.gz`,
    url_backend_log: results === null ? null : `${results}backend.log.gz`,
    url_build: page,
  };
  return {
    state: chroot.state,
    status: stateNumbers[chroot.state],
    build_id: build.id,
    ...Object.fromEntries(Object.entries(urls).filter(([name]) => fields.includes(name))),
    pkg_version: build.version,
  };
}
