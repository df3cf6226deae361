import { canBuildIn, getPermissions, requestPermissions, setPermissions } from "../../../../src/core/index.ts";
import { recorded, type RouteCase, routeCase, unrecorded } from "../route-case.ts";

const project = { ownername: "alice", projectname: "proj1" };

const ROUTES = {
  get: "GET /api_3/project/permissions/get/<ownername>/<projectname>",
  set: "PUT /api_3/project/permissions/set/<ownername>/<projectname>",
  request: "PUT /api_3/project/permissions/request/<ownername>/<projectname>",
};

/** Routes below `project/permissions/`. */
export const permissionRoutes: readonly RouteCase[] = [
  routeCase(ROUTES.get, recorded("list-permissions", ROUTES.get), (client) => getPermissions(client, project), ["permissions"]),
  ...[false, true].map((twin) =>
    routeCase(
      twin ? ROUTES.set.replace("PUT", "POST") : ROUTES.set,
      recorded("edit-permissions", ROUTES.set, twin ? { method: "POST" } : {}),
      (client) => setPermissions(client, project, { bob: { builder: "approved", admin: "nothing" } }, { twin }),
      ["updated"],
    ),
  ),
  ...[false, true].map((twin) =>
    routeCase(
      twin ? ROUTES.request.replace("PUT", "POST") : ROUTES.request,
      recorded("request-permissions", ROUTES.request, twin ? { method: "POST" } : {}),
      (client) => requestPermissions(client, project, { builder: true, admin: true }, { twin }),
      ["updated"],
    ),
  ),
  routeCase(
    "GET /api_3/project/permissions/can_build_in/<who>/<ownername>/<projectname>",
    unrecorded({ path: "/project/permissions/can_build_in/bob/alice/proj1" }, { ...project, who: "bob", can_build_in: true }),
    (client) => canBuildIn(client, "bob", project),
    ["who", "ownername", "projectname", "can_build_in"],
  ),
];
