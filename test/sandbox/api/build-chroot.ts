import { ApiError } from "../api-error.ts";
import { MEMORY_LIMIT_MIB } from "../build-options.ts";
import { configuredRepositories, effectiveConfig } from "../chroot-config.ts";
import type { Build, BuildChroot } from "../models.ts";
import { page } from "../pages.ts";
import { type Call, queryArgument, type Router } from "../routing.ts";
import { buildChrootOnWire, nevraOnWire, repositoryOnWire } from "../wire.ts";

/** Everything is found by query; the older twins with the same values in the path are here as well. */
export function addBuildChrootRoutes(router: Router): void {
  router.onGet("/build-chroot", getBuildChroot);
  router.onGet("/build-chroot/list", listBuildChroots);
  router.onGet("/build-chroot/list/:id", (call) => listBuildChroots(pathAsQuery(call)));
  router.onGet("/build-chroot/build-config", getBuildConfig);
  router.onGet("/build-chroot/build-config/:id/:chroot", (call) => getBuildConfig(pathAsQuery(call)));
  router.onGet("/build-chroot/built-packages", getBuiltPackages);
  router.onGet("/build-chroot/:id/:chroot", (call) => getBuildChroot(pathAsQuery(call)));
}

function pathAsQuery(call: Call): Call {
  const { id = "", chroot = "" } = call.parameters;
  return { ...call, query: new URLSearchParams({ build_id: id, chrootname: chroot }) };
}

function buildInQuery(call: Call): Build {
  return call.world.build(queryArgument(call, "build_id"));
}

function chrootInQuery(call: Call): { build: Build; chroot: BuildChroot } {
  const build = buildInQuery(call);
  const name = queryArgument(call, "chrootname");
  const chroot = build.chroots.find((each) => each.name === name);
  if (chroot === undefined) throw new ApiError(404, `Build ${build.id} was not submitted to ${name} chroot.`);
  return { build, chroot };
}

function getBuildChroot(call: Call) {
  const { build, chroot } = chrootInQuery(call);
  return buildChrootOnWire(call.world, build, chroot);
}

/** A build that there is not has none. */
function listBuildChroots(call: Call) {
  const build = call.world.findBuild(Number(queryArgument(call, "build_id")));
  if (build === undefined) return page(call, [], String);
  return page(call, build.chroots, (chroot) => buildChrootOnWire(call.world, build, chroot));
}

/** Nulls are left out at the top level, so `bootstrap` may be missing. */
function getBuildConfig(call: Call) {
  const { build, chroot } = chrootInQuery(call);
  const ownChroot = build.project.chroots.get(chroot.name);
  // The real frontend does not look whether the project still has it.
  if (ownChroot === undefined) throw new ApiError(500, "Request wasn't successful, there is probably a bug in the Copr code.");
  const config = effectiveConfig(call.world, build, ownChroot);
  return {
    additional_repos: configuredRepositories(build.project, ownChroot),
    additional_packages: ownChroot.additional_packages,
    with_opts: ownChroot.with_opts,
    without_opts: ownChroot.without_opts,
    enable_net: config.enable_net,
    is_background: build.options.background,
    memory_limit: MEMORY_LIMIT_MIB,
    timeout: build.options.timeout,
    bootstrap: config.bootstrap,
    bootstrap_image: config.bootstrap_image,
    repos: config.repos.map(repositoryOnWire),
  };
}

function getBuiltPackages(call: Call) {
  return { packages: chrootInQuery(call).chroot.built_packages.map(nevraOnWire) };
}
