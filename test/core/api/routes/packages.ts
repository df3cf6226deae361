import {
  addPackage,
  buildPackage,
  deletePackage,
  editPackage,
  getPackage,
  listPackages,
  type Package,
  resetPackage,
} from "../../../../src/core/index.ts";
import { all, recorded, recordedAnswer, type RouteCase, routeCase, unrecorded } from "../route-case.ts";

const ROUTES = {
  get: "GET /api_3/package/",
  list: "GET /api_3/package/list",
  add: "POST /api_3/package/add/<ownername>/<projectname>/<package_name>/<source_type_text>",
  edit: "POST /api_3/package/edit/<ownername>/<projectname>/<package_name>/<source_type_text>",
  reset: "PUT /api_3/package/reset",
  build: "POST /api_3/package/build",
  delete: "DELETE /api_3/package/delete",
};

const project = { ownername: "alice", projectname: "proj1" };
const ref = { ...project, package_name: "cust" };
const fields: (keyof Package)[] = ["id", "name", "ownername", "projectname", "source_type", "source_dict", "auto_rebuild", "builds"];

/** Routes below `package/`. */
export const packageRoutes: readonly RouteCase[] = [
  routeCase(
    ROUTES.get,
    recorded("get-package", ROUTES.get),
    (client) => getPackage(client, project, "hello", { with_latest_build: false, with_latest_succeeded_build: false }),
    fields,
  ),
  routeCase(
    ROUTES.list,
    recorded("list-packages-latest", ROUTES.list),
    (client) => all(listPackages(client, project, { with_latest_build: true, with_latest_succeeded_build: false })),
    fields,
  ),
  routeCase(
    ROUTES.add,
    recorded("add-package-custom", ROUTES.add),
    (client) =>
      addPackage(client, ref, "custom", {
        script: "#!/bin/sh\ncurl -O http://127.0.0.1/x.spec\n",
        script_chroot: "fedora-42-x86_64",
        script_builddeps: ["git", "curl"],
        script_resultdir: "out",
      }),
    fields,
  ),
  routeCase(
    ROUTES.add,
    recorded("add-package-scm", ROUTES.add),
    (client) =>
      addPackage(client, { ...project, package_name: "hello" }, "scm", {
        clone_url: "https://github.com/example/hello.git",
        committish: "main",
        subdirectory: "sub",
        spec: "hello.spec",
        scm_type: "git",
        source_build_method: "tito",
        max_builds: "3",
        timeout: "3600",
        webhook_rebuild: true,
      }),
    fields,
  ),
  routeCase(
    ROUTES.edit,
    recorded("edit-package-pypi", ROUTES.edit),
    (client) =>
      editPackage(client, { ...project, package_name: "python-requests" }, "pypi", {
        pypi_package_name: "requests",
        spec_generator: "pyp2spec",
      }),
    fields,
  ),
  routeCase(
    "POST /api_3/package/edit/<ownername>/<projectname>/<package_name>/",
    unrecorded(
      {
        method: "POST",
        path: "/package/edit/alice/proj1/hello?ownername=alice&projectname=proj1&package_name=hello",
        auth: true,
        json: { package_name: "hello", max_builds: 3 },
      },
      recordedAnswer("edit-package-scm", ROUTES.edit),
    ),
    (client) => editPackage(client, { ...project, package_name: "hello" }, undefined, { max_builds: 3 }),
    fields,
  ),
  routeCase(ROUTES.reset, recorded("reset-package", ROUTES.reset), (client) => resetPackage(client, ref), fields),
  routeCase(
    "POST /api_3/package/reset",
    recorded("reset-package", ROUTES.reset, { method: "POST" }),
    (client) => resetPackage(client, ref, { twin: true }),
    fields,
  ),
  routeCase(
    ROUTES.build,
    recorded("build-package", ROUTES.build),
    (client) => buildPackage(client, "hello", { ...project, project_dirname: "proj1", background: false, isolation: "unchanged" }),
    ["id", "state"],
  ),
  routeCase(ROUTES.delete, recorded("delete-package", ROUTES.delete), (client) => deletePackage(client, ref), fields),
  routeCase(
    "POST /api_3/package/delete",
    recorded("delete-package", ROUTES.delete, { method: "POST" }),
    (client) => deletePackage(client, ref, { twin: true }),
    fields,
  ),
];
