import {
  type Build,
  buildSource,
  buildUpload,
  buildUrls,
  cancelBuild,
  checkBeforeBuild,
  deleteBuild,
  deleteBuilds,
  getBuild,
  getBuiltPackages,
  getSourceBuildConfig,
  getSourceChroot,
  listBuilds,
} from "../../../../src/core/index.ts";
import { all, recorded, recordedAnswer, type RouteCase, routeCase, unrecorded } from "../route-case.ts";

const project = { ownername: "alice", projectname: "proj1" };
const submission = { ...project, project_dirname: "proj1", background: false, isolation: "unchanged" };
const build: (keyof Build)[] = ["id", "state", "ownername", "projectname", "project_dirname", "chroots", "is_background"];

const ROUTES = {
  cancel: "PUT /api_3/build/cancel/<int:build_id>",
  deleteList: "DELETE /api_3/build/delete/list",
  get: "GET /api_3/build/<int:build_id>",
  list: "GET /api_3/build/list",
  check: "POST /api_3/build/check-before-build",
  upload: "POST /api_3/build/create/upload",
  urls: "POST /api_3/build/create/url",
};

const source = (type: string): string => `POST /api_3/build/create/${type}`;

/** Routes below `build/`. */
export const buildRoutes: readonly RouteCase[] = [
  routeCase(ROUTES.get, recorded("status-failed", ROUTES.get), (client) => getBuild(client, 4), [...build, "source_package"]),
  routeCase(ROUTES.list, recorded("list-builds-json", ROUTES.list), (client) => all(listBuilds(client, project)), build),
  routeCase(
    "GET /api_3/build/source-chroot/<int:build_id>",
    unrecorded(
      { path: "/build/source-chroot/4" },
      { state: "succeeded", result_url: "{RESULTS}/results/alice/proj1/srpm-builds/00000004/" },
    ),
    (client) => getSourceChroot(client, 4),
    ["state", "result_url"],
  ),
  routeCase(
    "GET /api_3/build/source-build-config/<int:build_id>",
    recorded("source-build-config-build-options", "GET /api_3/build/source-build-config/<int:build_id>"),
    (client) => getSourceBuildConfig(client, 6),
    ["source_type", "source_dict", "memory_limit", "timeout", "is_background"],
  ),
  routeCase(
    "GET /api_3/build/built-packages/<int:build_id>",
    recorded("built-packages", "GET /api_3/build/built-packages/<int:build_id>"),
    (client) => getBuiltPackages(client, 62),
    ["fedora-42-x86_64"],
  ),
  routeCase(ROUTES.cancel, recorded("cancel", ROUTES.cancel), (client) => cancelBuild(client, 3), build),
  routeCase(
    "POST /api_3/build/cancel/<int:build_id>",
    recorded("cancel", ROUTES.cancel, { method: "POST" }),
    (client) => cancelBuild(client, 3, { twin: true }),
    build,
  ),
  ...["DELETE", "POST"].map((method) =>
    routeCase(
      `${method} /api_3/build/delete/<int:build_id>`,
      unrecorded({ method, path: "/build/delete/3", auth: true }, recordedAnswer("cancel", ROUTES.cancel)),
      (client) => deleteBuild(client, 3, { twin: method === "POST" }),
      build,
    ),
  ),
  routeCase(ROUTES.deleteList, recorded("delete-build", ROUTES.deleteList), (client) => deleteBuilds(client, [19]), ["builds"]),
  routeCase(
    "POST /api_3/build/delete/list",
    recorded("delete-build", ROUTES.deleteList, { method: "POST" }),
    (client) => deleteBuilds(client, [19], { twin: true }),
    ["builds"],
  ),
  routeCase(ROUTES.check, recorded("build-srpm-nowait", ROUTES.check), (client) => checkBeforeBuild(client, submission), ["message"]),
  routeCase(
    ROUTES.upload,
    recorded("build-srpm-nowait", ROUTES.upload),
    (client, directory) => buildUpload(client, `${directory}/hello-2.8-1.fc42.src.rpm`, submission),
    build,
  ),
  routeCase(
    ROUTES.urls,
    recorded("build-url-nowait", ROUTES.urls),
    (client) => buildUrls(client, ["https://example.com/pkgs/foo-1.0-1.src.rpm"], submission),
    build,
  ),
  routeCase(
    source("scm"),
    recorded("buildscm-nowait", source("scm")),
    (client) =>
      buildSource(
        client,
        "scm",
        {
          clone_url: "https://github.com/example/bar.git",
          committish: "v1",
          subdirectory: "d",
          spec: "bar.spec",
          scm_type: "git",
          source_build_method: "make_srpm",
        },
        submission,
      ),
    build,
  ),
  routeCase(
    source("distgit"),
    recorded("build-distgit-nowait", source("distgit")),
    (client) => buildSource(client, "distgit", { package_name: "bash", distgit: "fedora", committish: "f42" }, submission),
    build,
  ),
  routeCase(
    source("pypi"),
    recorded("buildpypi-nowait", source("pypi")),
    (client) =>
      buildSource(
        client,
        "pypi",
        {
          pypi_package_name: "requests",
          pypi_package_version: "2.31.0",
          spec_generator: "pyp2rpm",
          spec_template: "fedora",
          python_versions: [3],
        },
        submission,
      ),
    build,
  ),
  routeCase(
    source("rubygems"),
    recorded("buildgem-nowait", source("rubygems")),
    (client) => buildSource(client, "rubygems", { gem_name: "rake" }, submission),
    build,
  ),
  routeCase(
    source("custom"),
    recorded("buildcustom-nowait", source("custom")),
    (client) =>
      buildSource(
        client,
        "custom",
        {
          script: "#!/bin/sh\ncurl -O http://127.0.0.1/x.spec\n",
          chroot: "fedora-42-x86_64",
          builddeps: ["git"],
          resultdir: "out",
          repos: "http://example.com/r",
        },
        submission,
      ),
    build,
  ),
];
