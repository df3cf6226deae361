import {
  authCheck,
  getApiVersion,
  getMonitor,
  getRpmRepo,
  gssapiLogin,
  gssapiWebLogin,
  listMockChroots,
  newApiToken,
  newWebhookSecret,
} from "../../../../src/core/index.ts";
import { recorded, type RouteCase, routeCase, unrecorded } from "../route-case.ts";

const ROUTES = {
  home: "GET /api_3/",
  authCheck: "GET /api_3/auth-check",
  token: "POST /api_3/api-token",
  mockChroots: "GET /api_3/mock-chroots/list",
  monitor: "GET /api_3/monitor",
  webhook: "POST /api_3/webhook/generate/<ownername>/<projectname>",
};

const project = { ownername: "alice", projectname: "proj1" };
const session = { "set-cookie": "session=eyJ1c2VyIjoiYWxpY2UifQ.abc; Expires=Tue, 23 Dec 2025 10:00:00 GMT; HttpOnly; Path=/" };

/** An answer as the contract describes it; none was recorded. */
const rpmRepo = {
  results_url: "{RESULTS}/results",
  repos: { "fedora-43": { arch: { x86_64: { opts: {} }, aarch64: { opts: {}, delete_after_days: 80 } } } },
  directories: { proj1: {}, "proj1:pr:1": { delete_after_days: 60 } },
  dependencies: [
    {
      opts: { id: "copr:example.org:bob:base", name: "Copr bob/base" },
      type: "copr",
      data: { owner: "bob", projectname: "base" },
    },
  ],
};

/** Routes that are about the frontend as a whole, or alone in their folder. */
export const generalRoutes: readonly RouteCase[] = [
  routeCase(ROUTES.home, recorded("api-root", ROUTES.home), getApiVersion, ["version"]),
  routeCase(ROUTES.authCheck, recorded("auth-check", ROUTES.authCheck), authCheck, ["id", "name"]),
  routeCase(ROUTES.token, recorded("new-api-token", ROUTES.token), newApiToken, ["api_login", "api_token", "expiration"]),
  routeCase(
    "GET /api_3/gssapi_login",
    unrecorded({ path: "/gssapi_login", auth: true }, { id: 2, name: "alice" }, { headers: session }),
    (client) => gssapiLogin(client, "YIIC"),
    ["id", "name", "session"],
    { id: 2, name: "alice", session: "eyJ1c2VyIjoiYWxpY2UifQ.abc" },
  ),
  routeCase(
    "GET /api_3/gssapi_login/web-ui",
    unrecorded({ path: "/gssapi_login/web-ui", auth: true }, "moved", { status: 302, headers: { ...session, location: "/coprs/alice/" } }),
    (client) => gssapiWebLogin(client, "YIIC"),
    ["location", "session"],
    { location: "{URL}/coprs/alice/", session: "eyJ1c2VyIjoiYWxpY2UifQ.abc" },
  ),
  routeCase(ROUTES.mockChroots, recorded("list-chroots", ROUTES.mockChroots), listMockChroots, ["fedora-43-x86_64", "epel-9-x86_64"]),
  routeCase(
    ROUTES.monitor,
    recorded("monitor-failed", ROUTES.monitor),
    (client) => getMonitor(client, project, { additionalFields: ["url_build_log", "url_backend_log"] }),
    ["packages"],
  ),
  routeCase(ROUTES.webhook, recorded("new-webhook-secret", ROUTES.webhook), (client) => newWebhookSecret(client, project), [
    "id",
    "name",
    "ownername",
    "full_name",
    "webhook_secret",
  ]),
  routeCase(
    "GET /api_3/rpmrepo/<ownername>/<dirname>/<name_release>",
    unrecorded({ path: "/rpmrepo/alice/proj1:pr:1/fedora-43" }, rpmRepo),
    (client) => getRpmRepo(client, "alice", "proj1:pr:1", "fedora-43"),
    ["results_url", "repos", "directories", "dependencies"],
  ),
];
