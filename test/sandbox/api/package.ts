import picomatch from "picomatch";
import { ApiError } from "../api-error.ts";
import { createBuild, MAX_TIMEOUT_S, projectInForm, readBuildOptions } from "../build-options.ts";
import { type Form, readForm } from "../form.ts";
import { authenticated, mayBuild, mayEdit } from "../login.ts";
import type { Package, Project, Source } from "../models.ts";
import { page } from "../pages.ts";
import { fullName } from "../repositories.ts";
import { type Call, parameter, queryArgument, type Router } from "../routing.ts";
import { isConfiguredSourceType, sourceFromForm } from "../sources.ts";
import { buildOnWire, packageOnWire } from "../wire.ts";
import { projectInPath, projectInQuery } from "./project.ts";

export function addPackageRoutes(router: Router): void {
  router.onGet("/package", getPackage);
  router.onGet("/package/list", listPackages);
  router.onPost("/package/add/:owner/:project/:package/:type", addPackage);
  router.onPost("/package/edit/:owner/:project/:package", editPackage);
  router.onPost("/package/edit/:owner/:project/:package/:type", editPackage);
  router.onPut("/package/reset", resetPackage);
  router.onPost("/package/build", buildPackage);
  router.onDelete("/package/delete", deletePackage);
}

/** Here, unlike in lists, any text is true: also `False`. */
function getPackage(call: Call) {
  const project = projectInQuery(call);
  return packageOnWire(call.world, existingPackage(call, project, queryArgument(call, "packagename")), {
    withLatest: Boolean(call.query.get("with_latest_build")),
    withLatestSucceeded: Boolean(call.query.get("with_latest_succeeded_build")),
  });
}

function listPackages(call: Call) {
  const isTrue = (name: string) => ["True", "true", "1"].includes(call.query.get(name) ?? "");
  const builds = {
    withLatest: isTrue("with_latest_build"),
    withLatestSucceeded: isTrue("with_latest_succeeded_build"),
  };
  const project = projectInQuery(call);
  const packages = call.world.packages.filter((each) => each.project === project);
  return page(call, packages, (each) => packageOnWire(call.world, each, builds));
}

/** Where a build has a default, a new package has no version of Python. */
const nothing: Source = { type: "unset", dict: { python_versions: [] } };

async function addPackage(call: Call) {
  const { project, form } = await readEdit(call, projectInPath);
  const type = parameter(call, "type");
  const name = form.text("package_name") ?? parameter(call, "package");
  if (!isConfiguredSourceType(type)) throw new ApiError(400, `Unsupported package source type ${type}`);
  if (!/^[-+_.a-zA-Z0-9]+$/.test(name)) throw form.refusal("package_name", "Invalid input.");
  if (call.world.findPackage(project, name) !== undefined) {
    throw new ApiError(409, `Package ${name} already exists in copr ${fullName(project)}.`);
  }
  const source = sourceFromForm(call.world, type, form, nothing);
  const settings = packageSettings(call, form);
  return packageOnWire(call.world, Object.assign(call.world.addPackage(project, name, source), settings));
}

async function editPackage(call: Call) {
  const { project, form } = await readEdit(call, projectInPath);
  const name = parameter(call, "package");
  const edited = call.world.findPackage(project, name);
  if (edited === undefined) {
    throw new ApiError(404, `Package ${name} does not exists in copr ${fullName(project)}.`);
  }
  const type = call.parameters["type"] ?? edited.source.type;
  if (!isConfiguredSourceType(type)) throw new ApiError(400, `Unsupported package source type ${type}`);
  const source = sourceFromForm(call.world, type, form, edited.source);
  return packageOnWire(call.world, Object.assign(edited, packageSettings(call, form), { source }));
}

async function resetPackage(call: Call) {
  const { project, form } = await readEdit(call);
  const reset = existingPackage(call, project, form.text("package_name") ?? "");
  reset.source = { type: "unset", dict: {} };
  return packageOnWire(call.world, reset);
}

async function deletePackage(call: Call) {
  const { project, form } = await readEdit(call);
  const deleted = existingPackage(call, project, form.text("package_name") ?? "");
  call.world.removePackage(deleted);
  return packageOnWire(call.world, deleted);
}

async function buildPackage(call: Call) {
  const account = authenticated(call);
  const form = await readForm(call, "dictionary");
  const project = projectInForm(call.world, form);
  const built = existingPackage(call, project, form.text("package_name") ?? "");
  if (!mayBuild(call.world, account.name, project)) {
    throw new ApiError(403, `User ${account.name} is not allowed to build in the copr: ${fullName(project)}`);
  }
  if (built.source.type === "unset") {
    const package_ = `Package 'Unset default source for package ${built.name}'`;
    const missing = "doesn't have the default source method set, but it is required for the rebuild request.";
    throw new ApiError(400, `${package_} ${missing}  Please configure some source  method first`);
  }
  const options = readBuildOptions(call.world, project, form);
  options.chroots ??= [...project.chroots.keys()];
  if (!form.has("timeout")) options.timeout = built.timeout ?? options.timeout;
  const build = createBuild(call.world, project, account, built.source, options);
  build.package = built;
  return buildOnWire(call.world, build);
}

function existingPackage(call: Call, project: Project, name: string): Package {
  const found = call.world.findPackage(project, name);
  if (found === undefined) throw new ApiError(404, `No package with name ${name} in copr ${project.name}`);
  return found;
}

async function readEdit(call: Call, find?: (call: Call) => Project): Promise<{ project: Project; form: Form }> {
  const account = authenticated(call);
  const form = await readForm(call);
  const project = find?.(call) ?? projectInForm(call.world, form);
  if (mayEdit(call.world, account.name, project)) return { project, form };
  throw new ApiError(403, "Only owners and admins may update their projects.");
}

/** What was sent; all of it is checked before anything is stored. */
function packageSettings(call: Call, form: Form): Partial<Package> {
  const denied = form.text("chroot_denylist");
  const settings = {
    webhook_rebuild: form.flag("webhook_rebuild"),
    timeout: form.integer("timeout", 0, MAX_TIMEOUT_S),
    max_builds: form.integer("max_builds", 0, 100),
    chroot_denylist: denied === undefined ? undefined : denyList(call, form, denied),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<Package>;
}

function denyList({ world }: Call, form: Form, text: string): string {
  const patterns = text.split(",").map((pattern) => pattern.trim());
  if (text.trim() === "") return "";
  for (const pattern of patterns) {
    if (!/^[a-z0-9-_*.+]+$/.test(pattern)) {
      throw form.refusal("chroot_denylist", `Pattern "${pattern}" does not match "^[a-z0-9-_*.+]+$"`);
    }
    const matches = [...world.mockChroots.keys()].filter((name) => picomatch.isMatch(name, pattern));
    if (matches.length === 0) throw form.refusal("chroot_denylist", `no chroot matched by pattern "${pattern}"`);
    if (matches.length === world.mockChroots.size) throw form.refusal("chroot_denylist", "patterns are deny-listing all chroots");
  }
  return patterns.join(", ");
}
