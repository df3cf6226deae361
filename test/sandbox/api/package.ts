import picomatch from "picomatch";
import { ApiError } from "../api-error.ts";
import { createBuild, MAX_TIMEOUT_S, projectInForm, readBuildOptions } from "../build-options.ts";
import { refuseUndeletable } from "../deletable-builds.ts";
import { type Form, readForm } from "../form.ts";
import { authenticated, mayBuild, mayEdit } from "../login.ts";
import type { Package, Project } from "../models.ts";
import { page } from "../pages.ts";
import { fullName } from "../repositories.ts";
import { type Call, parameter, queryArgument, type Router } from "../routing.ts";
import { checkPackageName, isConfiguredSourceType, sourceFromForm } from "../sources.ts";
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

/** Where a build has a default, a package has no version of Python. */
const nothing = { python_versions: [] };

async function addPackage(call: Call) {
  const { project, form } = await readEdit(call);
  const type = parameter(call, "type");
  const name = form.text("package_name") ?? parameter(call, "package");
  if (!isConfiguredSourceType(type)) throw new ApiError(400, `Unsupported package source type ${type}`);
  checkPackageName(form, name);
  const source = sourceFromForm(call.world, type, form, { type: "unset", dict: nothing });
  const settings = packageSettings(call, form);
  form.check();
  if (call.world.findPackage(project, name) !== undefined) {
    throw new ApiError(409, `Package ${name} already exists in copr ${fullName(project)}.`);
  }
  return packageOnWire(call.world, Object.assign(call.world.addPackage(project, name, source), settings));
}

async function editPackage(call: Call) {
  const { project, form } = await readEdit(call);
  const name = parameter(call, "package");
  const edited = call.world.findPackage(project, name);
  if (edited === undefined) {
    throw new ApiError(404, `Package ${name} does not exists in copr ${fullName(project)}.`);
  }
  const type = call.parameters["type"] ?? edited.source.type;
  if (!isConfiguredSourceType(type)) throw new ApiError(400, `Unsupported package source type ${type}`);
  const source = sourceFromForm(call.world, type, form, { ...edited.source, dict: { ...nothing, ...edited.source.dict } });
  const settings = packageSettings(call, form);
  form.check();
  return packageOnWire(call.world, Object.assign(edited, settings, { source }));
}

async function resetPackage(call: Call) {
  const reset = await namedPackage(call, "reset");
  reset.source = { type: "unset", dict: {} };
  return packageOnWire(call.world, reset);
}

async function deletePackage(call: Call) {
  const deleted = await namedPackage(call, "delete");
  const answer = packageOnWire(call.world, deleted);
  const builds = call.world.builds.filter((build) => build.package === deleted);
  refuseUndeletable(call.world, authenticated(call).name, builds);
  call.world.removePackage(deleted);
  return answer;
}

/** The package that a form names, for who may do that with it. */
async function namedPackage(call: Call, action: string): Promise<Package> {
  const account = authenticated(call);
  const form = await readForm(call);
  const project = projectInForm(call.world, form);
  const named = existingPackage(call, project, form.text("package_name") ?? "None");
  if (mayEdit(call.world, account.name, project)) return named;
  throw new ApiError(403, `You are not allowed to ${action} package \`${named.id}\`.`);
}

async function buildPackage(call: Call) {
  const account = authenticated(call);
  const form = await readForm(call);
  const project = projectInForm(call.world, form);
  const built = existingPackage(call, project, form.text("package_name") ?? "");
  if (!mayBuild(call.world, account.name, project)) {
    throw new ApiError(403, "You don't have permissions to build in this copr.");
  }
  if (built.source.type === "unset") {
    const package_ = `Package 'Unset default source for package ${built.name}'`;
    const missing = "doesn't have the default source method set, but it is required for the rebuild request.";
    throw new ApiError(400, `${package_} ${missing}  Please configure some source  method first`);
  }
  const options = readBuildOptions(call.world, project, form);
  options.chroots ??= allowedChroots(built);
  if (!form.has("timeout")) options.timeout = built.timeout ?? options.timeout;
  const build = createBuild(call.world, project, account, built.source, options);
  build.package = built;
  return buildOnWire(call.world, build);
}

/** Those of the project less the denied ones; all of them if none would be left. */
function allowedChroots({ project, chroot_denylist: denied }: Package): string[] {
  const enabled = [...project.chroots.keys()];
  const patterns = denied.split(",").map((pattern) => pattern.trim());
  const allowed = enabled.filter((name) => !patterns.some((pattern) => pattern !== "" && picomatch.isMatch(name, pattern)));
  return allowed.length === 0 ? enabled : allowed;
}

function existingPackage(call: Call, project: Project, name: string): Package {
  const found = call.world.findPackage(project, name);
  if (found === undefined) throw new ApiError(404, `No package with name ${name} in copr ${project.name}`);
  return found;
}

async function readEdit(call: Call): Promise<{ project: Project; form: Form }> {
  const account = authenticated(call);
  const form = await readForm(call);
  const project = projectInPath(call);
  if (mayEdit(call.world, account.name, project)) return { project, form };
  throw new ApiError(403, "You are not allowed to add or edit packages in this copr.");
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

function denyList({ world }: Call, form: Form, text: string): string | undefined {
  const patterns = text.split(",").map((pattern) => pattern.trim());
  if (text.trim() === "") return "";
  for (const pattern of patterns) {
    if (!/^[a-z0-9-_*.+]+$/.test(pattern)) {
      return form.refuse("chroot_denylist", `Pattern "${pattern}" does not match "^[a-z0-9-_*.+]+$"`);
    }
    // A pattern for all of them is refused in words only: the frontend compares a set with a list.
    const isMatching = [...world.mockChroots.keys()].some((name) => picomatch.isMatch(name, pattern));
    if (!isMatching) return form.refuse("chroot_denylist", `no chroot matched by pattern "${pattern}"`);
  }
  return patterns.join(", ");
}
