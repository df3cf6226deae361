import {
  addProject,
  deleteProject,
  editProject,
  editProjectChroot,
  forkProject,
  getProject,
  getProjectChroot,
  getProjectChrootBuildConfig,
  listProjects,
  type Project,
  type ProjectChroot,
  regenerateRepos,
  searchProjects,
} from "../../../../src/core/index.ts";
import { all, recorded, recordedAnswer, type RouteCase, routeCase, unrecorded } from "../route-case.ts";

const ROUTES = {
  get: "GET /api_3/project/",
  list: "GET /api_3/project/list",
  add: "POST /api_3/project/add/<ownername>",
  edit: "PUT /api_3/project/edit/<ownername>/<projectname>",
  fork: "POST /api_3/project/fork/<ownername>/<projectname>",
  delete: "DELETE /api_3/project/delete/<ownername>/<projectname>",
  regenerate: "PUT /api_3/project/regenerate-repos/<ownername>/<projectname>",
  chroot: "GET /api_3/project-chroot/",
  chrootConfig: "GET /api_3/project-chroot/build-config",
  editChroot: "PUT /api_3/project-chroot/edit/<ownername>/<projectname>/<chrootname>",
};

const project = { ownername: "alice", projectname: "proj1" };
const chroot = { ...project, chrootname: "fedora-42-x86_64" };
const fields: (keyof Project)[] = ["id", "name", "ownername", "full_name", "description", "chroot_repos", "additional_repos", "storage"];
const chrootFields: (keyof ProjectChroot)[] = ["mock_chroot", "additional_repos", "with_opts", "isolation", "comps_name"];
const found = recordedAnswer("list", ROUTES.list) as { items: Project[] };

/** A route and its twin, which differs in its method alone. */
const both = (
  route: string,
  twinMethod: string,
  make: (route: string, twin: boolean, changes: { method?: string }) => RouteCase,
): RouteCase[] => [make(route, false, {}), make(route.replace(/^\w+/, twinMethod), true, { method: twinMethod })];

/** Routes below `project/` and `project-chroot/`. */
export const projectRoutes: readonly RouteCase[] = [
  routeCase(ROUTES.get, recorded("get", ROUTES.get), (client) => getProject(client, project), fields),
  routeCase(ROUTES.list, recorded("list", ROUTES.list), (client) => listProjects(client, "alice"), fields),
  routeCase(
    "GET /api_3/project/search",
    [
      ...unrecorded({ path: "/project/search?query=proj&limit=100" }, { ...found, meta: { ...meta(0) } }),
      ...unrecorded({ path: "/project/search?query=proj&limit=100&offset=100" }, { items: [], meta: { ...meta(100) } }),
    ],
    (client) => all(searchProjects(client, "proj")),
    fields,
  ),
  routeCase(
    ROUTES.add,
    recorded("create-all-options", ROUTES.add),
    (client) =>
      addProject(client, "alice", {
        name: "proj2",
        chroots: ["epel-9-x86_64", "fedora-43-x86_64"],
        description: "d",
        instructions: "i",
        additional_repos: ["http://example.com/repo", "copr://alice/proj1"],
        unlisted_on_hp: true,
        enable_net: true,
        persistent: false,
        auto_prune: true,
        bootstrap: "on",
        isolation: "simple",
        follow_fedora_branching: false,
        devel_mode: true,
        delete_after_days: "10",
        multilib: true,
        module_hotfixes: true,
        fedora_review: true,
        appstream: true,
        runtime_dependencies: ["http://example.com/rt"],
        packit_forge_projects_allowed: ["github.com/x/y"],
        repo_priority: "5",
      }),
    fields,
  ),
  ...both(ROUTES.edit, "POST", (route, twin, changes) =>
    routeCase(
      route,
      recorded("modify", ROUTES.edit, changes),
      (client) =>
        editProject(
          client,
          project,
          {
            chroots: ["fedora-42-x86_64", "fedora-43-x86_64", "fedora-rawhide-x86_64"],
            description: "Changed",
            enable_net: true,
            bootstrap: "default",
          },
          { twin },
        ),
      fields,
    ),
  ),
  ...both(ROUTES.fork, "PUT", (route, twin, changes) =>
    routeCase(
      route,
      recorded("fork", ROUTES.fork, changes),
      (client) => forkProject(client, project, { name: "proj1fork", ownername: "alice", confirm: false }, { twin }),
      fields,
    ),
  ),
  ...both(ROUTES.delete, "POST", (route, twin, changes) =>
    routeCase(
      route,
      recorded("delete", ROUTES.delete, changes),
      (client) => deleteProject(client, { ownername: "alice", projectname: "proj2" }, { twin }),
      fields,
    ),
  ),
  ...both(ROUTES.regenerate, "POST", (route, twin, changes) =>
    routeCase(
      route,
      recorded("regenerate-repos", ROUTES.regenerate, changes),
      (client) => regenerateRepos(client, project, { twin }),
      fields,
    ),
  ),
  routeCase(ROUTES.chroot, recorded("get-chroot", ROUTES.chroot), (client) => getProjectChroot(client, chroot), chrootFields),
  routeCase(ROUTES.chrootConfig, recorded("mock-config", ROUTES.chrootConfig), (client) => getProjectChrootBuildConfig(client, chroot), [
    "chroot",
    "repos",
    "additional_packages",
    "enable_net",
    "isolation",
  ]),
  ...both(ROUTES.editChroot, "POST", (route, twin, changes) =>
    routeCase(
      route,
      recorded("edit-chroot-comps", ROUTES.editChroot, changes),
      (client, directory) => editProjectChroot(client, chroot, { delete_comps: false }, `${directory}/comps.xml`, { twin }),
      chrootFields,
    ),
  ),
  routeCase(
    ROUTES.editChroot,
    recorded("edit-chroot-reset", ROUTES.editChroot),
    (client) => editProjectChroot(client, chroot, { delete_comps: false, reset_fields: ["additional_packages", "isolation"] }),
    chrootFields,
  ),
];

function meta(offset: number) {
  return { limit: 100, offset, order: "id", order_type: "ASC" };
}
