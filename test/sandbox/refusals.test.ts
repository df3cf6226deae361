import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "./fixtures/api-client.ts";
import type { Account } from "./models.ts";
import { GUEST, type Sandbox, startSandboxWithWorld } from "./sandbox.ts";
import type { World } from "./world.ts";

// What upstream's frontend answered to the same requests, word for word; names and numbers are the sandbox's.

let root: string;
let sandbox: Sandbox;
let world: World;

const F43 = "fedora-43-x86_64";
const ref = { ownername: "demo", projectname: "prj" };
const urls = "A list of http[s] URLs separated by whitespace characters is needed";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "refusals-"));
  ({ sandbox, world } = await startSandboxWithWorld({ directory: root, builder: [], dispatch: false }));
  await as("demo", "POST", "/project/add/demo", { name: "prj", chroots: [F43, "epel-10-x86_64"] });
  await as("demo", "POST", "/package/add/demo/prj/hello/scm", { package_name: "hello", clone_url: "https://x.example/" });
  await as("demo", "POST", "/build/create/url", { ...ref, pkgs: ["https://x.example/a-1-1.src.rpm"] });
});

afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

async function as(who: string, method: string, path: string, json?: unknown) {
  const account = world.accounts.find(({ name }) => name === who) as Account;
  const { status, body } = await ask(sandbox.url, method, `/api_3${path}`, { account, json });
  return { status, body: body as Record<string, unknown> };
}

type Refused = [method: string, path: string, json: object | undefined, status: number, error: string];

const project = (json: object): [string, string, object] => ["POST", "/project/add/demo", { name: "new", chroots: [F43], ...json }];
const settings = (json: object): [string, string, object] => ["PUT", "/project/edit/demo/prj", json];
const chroot = (json: object, name = F43): [string, string, object] => ["PUT", `/project-chroot/edit/demo/prj/${name}`, json];
const added = (type: string, json: object): [string, string, object] => [
  "POST",
  `/package/add/demo/prj/new/${type}`,
  { package_name: "new", ...json },
];
const built = (json: object): [string, string, object] => [
  "POST",
  "/build/create/url",
  { ...ref, pkgs: ["https://x.example/a.spec"], ...json },
];

test.each<Refused>([
  // All faults of a form at once, each under the form's own name of the field.
  [...project({ homepage: "x", contact: "y" }), 400, "homepage: Invalid URL.\ncontact: Contact must be email address or URL"],
  [...project({ name: "123" }), 400, "name: Project's name can not be just number."],
  [...project({ name: "" }), 400, "name: This field is required."],
  [
    ...project({ name: "prj", chroots: [] }),
    400,
    "name: You already have a project named 'prj'.\nchroots: '[]' is not a valid choice for this field.",
  ],
  [...project({ chroots: ["nosuch"] }), 400, "chroots: 'nosuch' is not a valid choice for this field."],
  [...project({ additional_repos: ["x"] }), 400, `repos: ${urls} ('x' doesn't seem to be a valid URL).`],
  [...project({ additional_repos: ["copr://no/such"] }), 400, "repos: copr://no/such does not exist."],
  [
    ...project({ delete_after_days: "x" }),
    400,
    "delete_after_days: Not a valid integer value.\ndelete_after_days: Number must be between -1 and 720.",
  ],
  [...project({ storage: "nosuch" }), 400, "storage: Not a valid choice."],
  ["POST", "/project/add/nosuch", { name: "x", chroots: [F43] }, 404, "No such user `nosuch'"],
  ["GET", "/project?ownername=@nosuch&projectname=x", undefined, 404, "Group nosuch does not exist."],
  ["GET", "/project/search?query=pr", undefined, 400, "Search string must have at least 3 characters"],
  [...settings({ contact: "mailto:a@b.example" }), 400, "contact: Contact must be email address or URL"],
  [...settings({ homepage: "x", repo_priority: 0 }), 400, "homepage: Invalid URL.\nrepo_priority: Number must be at least 1."],
  [...settings({ auto_prune: false }), 403, "Non-admin cannot disable auto-prunning."],
  ["POST", "/project/fork/demo/prj", { name: "x", ownername: "@nosuch" }, 400, "owner: Not a valid choice."],
  [
    "POST",
    "/project/fork/demo/prj",
    { name: "a b", ownername: "demo" },
    400,
    "name: Name must contain only letters, digits, underscores, dashes and dots.",
  ],
  [...chroot({}, "nosuch"), 404, "Chroot identification is not valid"],
  [...chroot({}, "fedora-rawhide-x86_64"), 404, "Chroot name fedora-rawhide-x86_64 does not exist in Copr demo/prj."],
  [...chroot({ additional_repos: ["x"] }), 400, `repos: ${urls} ('x' doesn't seem to be a valid URL).`],
  [
    ...chroot({ bootstrap_image: "a b" }),
    400,
    "bootstrap_image: Enter valid bootstrap image id (<name>[:<tag>], e.g. fedora:33 or registry.fedoraproject.org/fedora:rawhide).",
  ],
  ["PUT", "/project/permissions/request/demo/prj", { admin: true }, 400, "user 'demo' is owner of the 'demo/prj' project"],
  ["PUT", "/project/permissions/request/demo/prj", {}, 400, "no permission requested"],
  [...added("scm", {}), 400, "clone_url: This field is required."],
  [...added("scm", { clone_url: "https://localhost/a" }), 400, "clone_url: Invalid URL."],
  [
    ...added("scm", { clone_url: "ssh://git@x.example/a", source_build_method: "x" }),
    400,
    "clone_url: Invalid URL.\nsrpm_build_method: Not a valid choice.",
  ],
  [...added("pypi", { pypi_package_name: "x", python_versions: ["9"] }), 400, "python_versions: '9' is not a valid choice for this field."],
  ["POST", "/package/edit/demo/prj/hello", { package_name: "hello", committish: "v1" }, 400, "spec: RPM spec file must end with .spec"],
  [
    "POST",
    "/package/build",
    { ...ref, package_name: "hello", chroots: ["nosuch"] },
    400,
    "chroots: 'nosuch' is not a valid choice for this field.",
  ],
  [
    ...built({ after_build_id: 1, with_build_id: 1 }),
    400,
    "Bad request parameters: {'after_build_id': ['Only one batch option can be specified'], 'with_build_id': ['Only one batch option can be specified']}",
  ],
  [
    ...built({ bootstrap: "x", isolation: "x" }),
    400,
    "Bad request parameters: {'bootstrap': ['Not a valid choice.'], 'isolation': ['Not a valid choice.']}",
  ],
  [...built({ pkgs: [] }), 400, "Bad request parameters: {'pkgs': ['URLs to packages are required']}"],
  [
    ...built({ project_dirname: "prj:pr:x" }),
    400,
    "Please use directory format prj:custom:<SUFFIX_OF_CHOICE> or prj:pr:<ID> (for automatically removed directories)",
  ],
  ["DELETE", "/build/delete/1", undefined, 500, "User 'demo' can not delete build 1"],
  ["DELETE", "/build/delete/list", { builds: [1, 99] }, 400, "Build(s) 1 are still running.\nBuild(s) 99 don't exist.\n"],
  ["DELETE", "/project/delete/demo/prj", { verify: true }, 400, "Build(s) 1 are still running.\n"],
  [
    "GET",
    "/monitor?ownername=demo&projectname=prj&project_dirname=nosuch",
    undefined,
    404,
    "Dirname 'nosuch' doesn't exist in 'demo/prj' copr",
  ],
])("%s %s %j: %i", async (method, path, json, status, error) => {
  expect(await as("demo", method, path, json)).toMatchObject({ status, body: { error } });
});

test.each<Refused>([
  ["POST", "/package/edit/demo/prj/hello", { package_name: "hello" }, 403, "You are not allowed to add or edit packages in this copr."],
  ["PUT", "/package/reset", { ...ref, package_name: "hello" }, 403, "You are not allowed to reset package `1`."],
  ["DELETE", "/package/delete", { ...ref, package_name: "hello" }, 403, "You are not allowed to delete package `1`."],
  ["POST", "/package/build", { ...ref, package_name: "hello" }, 403, "You don't have permissions to build in this copr."],
  ["DELETE", "/build/delete/1", undefined, 403, `User '${GUEST}' doesn't have permissions to delete build 1`],
  ["DELETE", "/project/delete/demo/prj", { verify: true }, 400, "You don't have permissions to delete build(s) 1.\n"],
])("a stranger's %s %s %j: %i", async (method, path, json, status, error) => {
  expect(await as(GUEST, method, path, json)).toMatchObject({ status, body: { error } });
});

test("what is taken, and what becomes of it", async () => {
  // A disabled chroot is still there for some days, with its settings, and comes back with them.
  await as("demo", ...chroot({ with_opts: "x", additional_modules: ["a:1"] }, "epel-10-x86_64"));
  await as("demo", ...settings({ chroots: [F43] }));
  const query = "?ownername=demo&projectname=prj&chrootname=epel-10-x86_64";
  expect((await as("demo", "GET", `/project-chroot${query}`)).body).toMatchObject({ with_opts: ["x"], delete_after_days: 6 });
  await as("demo", ...settings({ chroots: [F43, "epel-10-x86_64"] }));
  expect((await as("demo", "GET", `/project-chroot${query}`)).body).toMatchObject({ with_opts: ["x"], delete_after_days: null });
  // No modules are modules that were not sent; what is sent goes before what is reset.
  expect((await as("demo", ...chroot({ additional_modules: [] }, "epel-10-x86_64"))).body).toMatchObject({ additional_modules: ["a:1"] });
  expect((await as("demo", ...chroot({ with_opts: "y", reset_fields: ["with_opts"] }))).body).toMatchObject({ with_opts: ["y"] });
  // Fields that were not sent are nothing, not an empty text; a denied chroot is none of a package's.
  const denied = { clone_url: "https://x.example/", chroot_denylist: "epel-*" };
  expect((await as("demo", ...added("scm", denied))).body).toMatchObject({
    source_dict: { committish: null, subdirectory: null, spec: null },
  });
  expect((await as("demo", "POST", "/package/build", { ...ref, package_name: "new", is_background: true })).body).toMatchObject({
    chroots: [F43],
    is_background: true,
  });
  // The latest Fedora is the one that it is when the build is made.
  const { body } = await as("demo", "POST", "/build/create/custom", { ...ref, script: "x" });
  expect((await as("demo", "GET", `/build/source-build-config/${String(body["id"])}`)).body).toMatchObject({
    source_dict: { chroot: F43 },
  });
  // A list by state counts all builds for its offset, and those in the state for its limit.
  const ids = async (rest: string) => {
    const list = await as("demo", "GET", `/build/list?ownername=demo&projectname=prj&${rest}`);
    return (list.body["items"] as { id: number }[]).map(({ id }) => id);
  };
  await as("demo", "PUT", "/build/cancel/2");
  expect([await ids("status=pending&limit=1&offset=1"), await ids("status=canceled&limit=1"), await ids("limit=2")]).toEqual([
    [1],
    [2],
    [3, 2],
  ]);
  expect((await as("demo", "GET", "/build-chroot/list?build_id=99")).body).toMatchObject({ items: [] });
});
