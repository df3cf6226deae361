import type { Transport } from "../http/transport.ts";
import { projectQuery } from "./project-query.ts";
import type { ProjectRef, TwinOptions } from "./types.ts";

/** How far a user has got with a role. */
export type PermissionState = "nothing" | "request" | "approved";

/** User: role: state. */
export type Permissions = Record<string, Record<string, PermissionState>>;

/** Whether `who` may build in a project. */
export interface BuildPermission {
  who: string;
  ownername: string;
  projectname: string;
  can_build_in: boolean;
}

/** Permissions of a project. 404 when none are set. */
export function getPermissions(transport: Transport, project: ProjectRef): Promise<{ permissions: Permissions }> {
  return transport.call({ method: "GET", path: route(project, "get"), query: projectQuery(project), needs: ["permissions"], auth: true });
}

/** Sets permissions of users, all or none. The twin is POST. */
export function setPermissions(
  transport: Transport,
  project: ProjectRef,
  permissions: Record<string, Record<string, string>>,
  { twin }: TwinOptions = {},
): Promise<{ updated: string[] }> {
  return transport.call({
    method: twin ? "POST" : "PUT",
    path: route(project, "set"),
    query: projectQuery(project),
    json: permissions,
    auth: true,
  });
}

/** Asks for roles in a project, or gives them back. The twin is POST. */
export function requestPermissions(
  transport: Transport,
  project: ProjectRef,
  roles: Record<string, boolean>,
  { twin }: TwinOptions = {},
): Promise<{ updated: boolean }> {
  return transport.call({
    method: twin ? "POST" : "PUT",
    path: route(project, "request"),
    query: projectQuery(project),
    json: roles,
    auth: true,
  });
}

/** Whether a user may build in a project. */
export function canBuildIn(transport: Transport, who: string, { ownername, projectname }: ProjectRef): Promise<BuildPermission> {
  return transport.call({ method: "GET", path: ["project", "permissions", "can_build_in", who, ownername ?? "", projectname] });
}

function route({ ownername, projectname }: ProjectRef, action: string): string[] {
  return ["project", "permissions", action, ownername ?? "", projectname];
}
