import { ApiError } from "../api-error.ts";
import { MEMORY_LIMIT_MIB } from "../build-options.ts";
import { buildState, isFinished } from "../build-state.ts";
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

/** Newest first whatever order is asked for; filters come after the database's own ordering. */
function listBuilds(call: Call) {
  const project = projectInQuery(call);
  const name = call.query.get("packagename");
  const state = call.query.get("status");
  const builds = call.world.builds
    .filter((build) => build.project === project)
    .filter((build) => name === null || build.package?.name === name)
    .filter((build) => state === null || buildState(build) === state);
  return unsortedPage(call, builds.toReversed(), (build) => buildOnWire(call.world, build));
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
  const chroots = buildInPath(call).chroots.filter((chroot) => chroot.built_packages.length > 0);
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

function deleteBuild(call: Call) {
  const build = buildInPath(call);
  const answer = buildOnWire(call.world, build);
  remove(call, [build.id]);
  return answer;
}

async function deleteBuilds(call: Call) {
  const form = await readForm(call);
  const builds = (form.words("builds") ?? []).map(Number);
  remove(call, builds);
  return { builds };
}

/** Deletes all of them or, with one line for each kind of problem, none. */
function remove(call: Call, ids: readonly number[]): void {
  const account = authenticated(call);
  const builds = ids.map((id) => call.world.findBuild(id)).filter((build) => build !== undefined);
  const missing = ids.filter((id) => call.world.findBuild(id) === undefined);
  const denied = builds.filter((build) => !mayEdit(call.world, account.name, build.project));
  const running = builds.filter((build) => !denied.includes(build) && !isFinished(build));
  const problems = [
    denied.length > 0 ? `You don't have permissions to delete build(s) ${idList(denied)}.\n` : "",
    running.length > 0 ? `Build(s) ${idList(running)} are still running.\n` : "",
    missing.length > 0 ? `Build(s) ${missing.join(", ")} don't exist.\n` : "",
  ].join("");
  if (problems !== "") throw new ApiError(400, problems);
  for (const build of builds) call.world.removeBuild(build);
}

function idList(builds: readonly Build[]): string {
  return builds.map((build) => build.id).join(", ");
}
