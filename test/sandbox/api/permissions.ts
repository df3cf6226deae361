import { ApiError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { authenticated, mayBuild, requireAdmin } from "../login.ts";
import type { Permission, PermissionState, Project } from "../models.ts";
import { fullName } from "../repositories.ts";
import { type Call, parameter, type Router } from "../routing.ts";
import { projectInPath } from "./project.ts";

const states: readonly PermissionState[] = ["nothing", "request", "approved"];

export function addPermissionRoutes(router: Router): void {
  const prefix = "/project/permissions";
  router.onGet(`${prefix}/can_build_in/:who/:owner/:project`, canBuildIn);
  router.onGet(`${prefix}/get/:owner/:project`, getPermissions);
  router.on("PUT", `${prefix}/set/:owner/:project`, setPermissions);
  router.onPost(`${prefix}/set/:owner/:project`, setPermissions);
  router.onPut(`${prefix}/request/:owner/:project`, requestPermissions);
}

function canBuildIn(call: Call) {
  const project = projectInPath(call);
  const who = parameter(call, "who");
  return {
    ownername: project.ownername,
    projectname: project.name,
    who,
    can_build_in: mayBuild(call.world, who, project),
  };
}

function getPermissions(call: Call) {
  const project = projectInPath(call);
  requireAdmin(call, project);
  if (project.permissions.size > 0) return { permissions: Object.fromEntries(project.permissions) };
  throw new ApiError(404, `No permissions set on ${fullName(project)} project`);
}

/** All or nothing: every name, role and state is checked before the first is stored. */
async function setPermissions(call: Call) {
  const project = projectInPath(call);
  const form = await readForm(call);
  requireAdmin(call, project);
  const changes = form.entries().map(([user, roles]) => {
    if (!call.world.accounts.some((account) => account.name === user)) {
      throw new ApiError(400, `user '${user}' doesn't exist in database`);
    }
    const checked = checkedRoles(roles);
    refuseOwner(project, user);
    return { user, roles: checked };
  });
  if (changes.length === 0) throw new ApiError(400, "no permission change requested");
  for (const { user, roles } of changes) Object.assign(permission(project, user), roles);
  return { updated: changes.map(({ user }) => user) };
}

async function requestPermissions(call: Call) {
  const account = authenticated(call);
  const project = projectInPath(call);
  const form = await readForm(call);
  const other = form.entries().find(([role]) => role !== "admin" && role !== "builder");
  if (other !== undefined) throw new ApiError(400, `invalid permission '${other[0]}', allowed admin|builder`);
  if (form.entries().length === 0) throw new ApiError(400, "no permission requested");
  refuseOwner(project, account.name);
  const own = permission(project, account.name);
  const before = { ...own };
  for (const role of ["admin", "builder"] as const) {
    const wanted = form.raw(role);
    if (wanted === true && own[role] === "nothing") own[role] = "request";
    if (wanted === false) own[role] = "nothing";
  }
  return { updated: before.admin !== own.admin || before.builder !== own.builder };
}

function refuseOwner(project: Project, user: string): void {
  if (user === project.creator) throw new ApiError(400, `user '${user}' is owner of the '${fullName(project)}' project`);
}

function permission(project: Project, user: string): Permission {
  const existing = project.permissions.get(user) ?? { admin: "nothing", builder: "nothing" };
  project.permissions.set(user, existing);
  return existing;
}

function checkedRoles(roles: unknown): Partial<Permission> {
  const entries = Object.entries(Object(roles) as Record<string, unknown>);
  for (const [role, state] of entries) {
    if (role !== "admin" && role !== "builder") throw new ApiError(400, `invalid permission '${role}', allowed admin|builder`);
    if (!states.some((known) => known === state)) {
      throw new ApiError(400, `invalid '${role}' permission state '${String(state)}', use ${states.join("|")}`);
    }
  }
  return Object.fromEntries(entries) as Partial<Permission>;
}
