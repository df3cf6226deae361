import { ApiError } from "../api-error.ts";
import { MEMORY_LIMIT_MIB } from "../build-options.ts";
import { buildState, isFinished } from "../build-state.ts";
import { refuseUndeletable } from "../deletable-builds.ts";
import { readForm } from "../form.ts";
import { authenticated, mayBuild, mayEdit } from "../login.ts";
import type { Build } from "../models.ts";
import { unsortedPage } from "../pages.ts";
import { type Call, parameter, type Router } from "../routing.ts";
import { buildOnWire, nevraOnWire, resultUrl } from "../wire.ts";
import { projectInQuery } from "./project.ts";

export function addBuildRoutes(router: Router): void {
  router.onGet("/build/:id", (call) => buildOnWire(call.world, buildInPath(call)));
  router.onGet("/build/list", listBuilds);
  router.onGet("/build/source-chroot/:id", getSourceChroot);
  router.onGet("/build/source-build-config/:id", getSourceBuildConfig);
  router.onGet("/build/built-packages/:id", getBuiltPackages);
  router.onPut("/build/cancel/:id", cancelBuild);
  router.onDelete("/build/delete/:id", deleteBuild);
  router.onDelete("/build/delete/list", deleteBuilds);
}

function buildInPath(call: Call): Build {
  return call.world.build(parameter(call, "id"));
}

/** Newest first whatever order is asked for. Builds in a state are looked for after the offset, and cut to the limit then. */
function listBuilds(call: Call) {
  const project = projectInQuery(call);
  const name = call.query.get("packagename");
  const state = call.query.get("status");
  const builds = call.world.builds
    .filter((build) => build.project === project)
    .filter((build) => name === null || build.package?.name === name);
  const isWanted = (build: Build) => state === null || buildState(build) === state;
  return unsortedPage(call, builds.toReversed(), (build) => buildOnWire(call.world, build), isWanted);
}

function getSourceChroot(call: Call) {
  const build = buildInPath(call);
  const url = resultUrl(call.world, build, "srpm-builds", build.source_result_dir);
  if (url !== null) return { state: build.source_state, result_url: url };
  throw new ApiError(500, "Request wasn't successful, there is probably a bug in the Copr code.");
}

function getSourceBuildConfig(call: Call) {
  const { source, options } = buildInPath(call);
  return {
    source_type: source.type,
    source_dict: source.dict,
    memory_limit: MEMORY_LIMIT_MIB,
    timeout: options.timeout,
    is_background: options.background,
  };
}

function getBuiltPackages(call: Call) {
  const { chroots } = buildInPath(call);
  return Object.fromEntries(chroots.map((chroot) => [chroot.name, { packages: chroot.built_packages.map(nevraOnWire) }]));
}

function cancelBuild(call: Call) {
  const account = authenticated(call);
  const build = buildInPath(call);
  if (!mayBuild(call.world, account.name, build.project)) {
    throw new ApiError(403, "You are not allowed to cancel this build.");
  }
  if (isFinished(build)) throw new ApiError(409, `Cannot cancel build ${build.id}`);
  call.world.cancel(build);
  return buildOnWire(call.world, build);
}

/** One alone is refused in other words, and a running one by an error of the server's own. */
function deleteBuild(call: Call) {
  const { name } = authenticated(call);
  const build = buildInPath(call);
  const answer = buildOnWire(call.world, build);
  if (!mayEdit(call.world, name, build.project)) {
    throw new ApiError(403, `User '${name}' doesn't have permissions to delete build ${build.id}`);
  }
  if (!isFinished(build)) throw new ApiError(500, `User '${name}' can not delete build ${build.id}`);
  call.world.removeBuild(build);
  return answer;
}

async function deleteBuilds(call: Call) {
  const { name } = authenticated(call);
  const form = await readForm(call);
  const ids = (form.words("builds") ?? []).map(Number);
  const builds = ids.map((id) => call.world.findBuild(id)).filter((build) => build !== undefined);
  const missing = ids.filter((id) => call.world.findBuild(id) === undefined);
  refuseUndeletable(call.world, name, builds, missing);
  for (const build of builds) call.world.removeBuild(build);
  return { builds: ids };
}
