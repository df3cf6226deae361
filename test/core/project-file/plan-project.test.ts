import { expect, test } from "vitest";
import { editProject } from "../../../src/core/api/index.ts";
import { createClient } from "../../../src/core/client.ts";
import { CoprError } from "../../../src/core/errors.ts";
import { applyProject, planProject } from "../../../src/core/project-file/plan-project.ts";
import type { ProjectFile } from "../../../src/core/project-file/project-file.ts";
import { updatedFile } from "../../../src/core/project-file/update-file.ts";
import { exportProject } from "../../../src/core/project-file/export-project.ts";
import { runCli } from "../../support/run-cli.ts";
import { sendJson, webServer } from "../../support/web-server.ts";
import { projectSandbox, stateOf } from "./project-sandbox.ts";

const scm = { type: "scm", clone_url: "https://x.example.org/", committish: "main" } as const;
const file: ProjectFile = {
  project: "demo/prj",
  settings: { description: "one", homepage: "https://x.example.org/", repo_priority: 5 },
  chroots: { "fedora-43-x86_64": { additional_packages: ["gcc"] }, "epel-10-x86_64": null },
  packages: { hello: { source: scm, webhook_rebuild: true }, uploaded: { source: { type: "unset" } } },
  permissions: { bob: { builder: "approved" } },
};

test("a plan of 500 packages and 20 chroots asks once for each page and chroot, few at a time", async () => {
  const names = Array.from({ length: 20 }, (_, at) => `fedora-${at}-x86_64`);
  const packages = Array.from({ length: 500 }, (_, at) => `package-${at}`);
  const dict = { type: "git", clone_url: scm.clone_url, committish: "main", subdirectory: "", spec: "", source_build_method: "rpkg" };
  let open = 0;
  let most = 0;
  const { url, requests } = await webServer(async (response, request) => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 50));
    open -= 1;
    const { pathname, searchParams } = new URL(request.url, "http://x");
    if (pathname === "/api_3/package/list") {
      const [limit, offset] = [Number(searchParams.get("limit")), Number(searchParams.get("offset") ?? 0)];
      const items = packages
        .slice(offset, offset + limit)
        .map((name) => ({ name, source_type: "scm", source_dict: dict, auto_rebuild: false }));
      return sendJson(response, { items, meta: { limit, offset } });
    }
    if (pathname.startsWith("/api_3/project/permissions")) return sendJson(response, { permissions: {} });
    if (pathname === "/api_3/project-chroot")
      return sendJson(response, { mock_chroot: searchParams.get("chrootname"), additional_packages: [], comps_name: null });
    return sendJson(response, { name: "prj", chroot_repos: Object.fromEntries(names.map((name) => [name, ""])) });
  });
  const client = createClient({ url, login: "L", token: "T" });
  const wanted: ProjectFile = {
    project: "demo/prj",
    settings: { enable_net: true },
    chroots: Object.fromEntries(names.map((name) => [name, { additional_packages: name === names[0] ? ["gcc"] : [] }])),
    packages: Object.fromEntries(packages.map((name) => [name, { source: { ...scm, spec: name === "package-7" ? "a.spec" : "" } }])),
    permissions: { bob: { builder: "approved" } },
  };
  const { changes } = await planProject(client, wanted);
  expect(changes.map(({ path }) => path)).toEqual([
    "settings/enable_net",
    `chroots/${names[0]}/additional_packages`,
    "packages/package-7/source/spec",
    "permissions/bob",
  ]);
  expect(requests.length).toBe(1 + 1 + 1 + names.length);
  expect(new Set(requests.map((request) => request.url)).size).toBe(requests.length);
  // At six at a time these are five rounds: a quarter of a second on a line of 50 ms.
  expect(most).toBeGreaterThan(3);
  expect(most).toBeLessThanOrEqual(8);
  await client.close();
  // The command asks for nothing else.
  const before = requests.length;
  const told = await runCli({
    argv: ["plan", "-f", "copr.json", "--output-format", "jsonl"],
    config: `[copr-cli]\nusername = demo\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`,
    files: { "copr.json": JSON.stringify(wanted) },
  });
  expect([told.exit, told.stderr, told.stdout.trimEnd().split("\n").length]).toEqual([0, "", changes.length]);
  expect(requests.length - before).toBe(before);
});

test("who may not change a project is told before anything is changed", async () => {
  const here = await projectSandbox();
  expect(await here.apply(file)).toEqual([]);
  const before = here.sandbox.requests.length;
  const stranger = here.clientOf("guest");
  const plan = { ...file, settings: { description: "mine" } };
  await expect(planProject(stranger, plan, { isToApply: true })).rejects.toMatchObject({
    exitCode: 7,
    message: "You may not change demo/prj: User 'guest' can not see permissions for project 'demo/prj' (missing admin rights)",
  });
  await expect(planProject(stranger, { ...plan, project: "demo/other", chroots: { x: {} } }, { isToApply: true })).rejects.toMatchObject({
    exitCode: 7,
    message: "There is no project demo/other, and you, guest, can't make one for another",
  });
  expect(here.sandbox.requests.slice(before).every(({ method }) => method === "GET")).toBe(true);
  // To look is free to all; what they are not told is not known.
  const { changes, permissionsRefusal } = await planProject(stranger, plan);
  expect(changes.map(({ path, action }) => `${action} ${path}`)).toEqual(["change settings/description", "set permissions/bob/builder"]);
  expect(permissionsRefusal).toContain("missing admin rights");
  // One's own is meant where no owner is named.
  expect(await planProject(here.client, { ...file, project: "prj" })).toMatchObject({ project: "demo/prj", changes: [] });
});

test("nothing is deleted unless it is said, and then nothing in sections that the file lacks", async () => {
  const here = await projectSandbox();
  expect(await here.apply(file)).toEqual([]);
  const less: ProjectFile = { project: "demo/prj", chroots: { "fedora-43-x86_64": {} }, packages: {}, permissions: {} };
  const before = structuredClone(stateOf(here.world, "prj"));
  expect((await here.plan(less)).changes).toEqual([]);
  expect(await here.apply(less)).toEqual([]);
  expect((await here.plan({ project: "demo/prj" }, true)).changes).toEqual([]);
  expect(stateOf(here.world, "prj")).toEqual(before);
  const { changes } = await here.plan(less, true);
  expect(changes.map(({ action, path }) => `${action} ${path}`)).toEqual([
    "delete packages/hello",
    "delete packages/uploaded",
    "delete chroots/epel-10-x86_64",
    "delete permissions/bob",
  ]);
  expect(await here.apply(less, true)).toEqual([]);
  const after = stateOf(here.world, "prj");
  expect([after.packages, after.permissions, after.chroots.map(({ name }) => name)]).toEqual([[], {}, ["fedora-43-x86_64"]]);
  expect(after.settings).toEqual(before.settings);
  // A project keeps one.
  expect(await here.apply({ ...less, chroots: {} }, true)).toEqual(["chroots/fedora-43-x86_64: A project keeps one chroot at least"]);
});

test("what the API can't do is said, and the rest is done; a refused field does not keep the others", async () => {
  const here = await projectSandbox();
  expect(await here.apply(file)).toEqual([]);
  const { changes } = await here.plan({ project: "demo/prj", settings: { homepage: null, repo_priority: null, storage: "pulp" } });
  expect(changes.map(({ path, obstacle }) => `${path}: ${obstacle}`)).toEqual([
    "settings/homepage: the API can't empty it: use the settings page of the project",
    "settings/repo_priority: the API can't empty it: use the settings page of the project",
    "settings/storage: it can only be chosen when the project is made",
  ]);
  const failures = await here.apply({
    project: "demo/prj",
    settings: { homepage: null, contact: "nobody", description: "two", auto_prune: false },
    chroots: {
      "no-such-chroot": {},
      "fedora-43-aarch64": { comps: "absent.xml", with_opts: ["a"] },
      "epel-10-x86_64": { comps: "comps.xml" },
    },
    packages: { hello: { source: { ...scm, clone_url: "nonsense" } }, other: { source: { type: "rubygems", gem_name: "x" } } },
    permissions: { nobody: { admin: "approved" }, demo: { builder: "approved" }, carol: { admin: "approved" } },
  });
  expect(failures).toEqual([
    "settings/homepage: The API can't empty it: use the settings page of the project",
    "settings/contact: contact: Contact must be email address or URL",
    "settings/auto_prune: Non-admin cannot disable auto-prunning.",
    "chroots/no-such-chroot: chroots: 'no-such-chroot' is not a valid choice for this field.",
    "chroots/fedora-43-aarch64/comps: There is no file 'absent.xml' to upload",
    "packages/hello/source/clone_url: clone_url: Invalid URL.",
    "permissions/nobody: user 'nobody' doesn't exist in database",
    "permissions/demo: user 'demo' is owner of the 'demo/prj' project",
  ]);
  const state = stateOf(here.world, "prj");
  expect(state.settings).toMatchObject({ description: "two", homepage: "https://x.example.org/", auto_prune: true });
  expect(state.chroots.map(({ name, with_opts, comps }) => [name, with_opts, comps])).toEqual([
    ["epel-10-x86_64", [], "<comps>comps.xml</comps>\n"],
    ["fedora-43-aarch64", ["a"], null],
    ["fedora-43-x86_64", [], null],
  ]);
  expect([state.packages.map(({ name }) => name), Object.keys(state.permissions)]).toEqual([
    ["hello", "other", "uploaded"],
    ["bob", "carol"],
  ]);
});

test("a project that can't be made is the one failure that leaves nothing to try", async () => {
  const here = await projectSandbox();
  await expect(here.plan({ project: "demo/new" })).rejects.toThrow(
    new CoprError("There is no project demo/new, and the file names no chroot to make it with"),
  );
  const failures = await here.apply({ ...file, project: "demo/new", settings: { contact: "nobody" } });
  expect(failures[0]).toBe("project: contact: Contact must be email address or URL");
  expect(new Set(failures.slice(1).map((one) => one.split(": ").slice(1).join(": ")))).toEqual(
    new Set(["Not tried: the project could not be made"]),
  );
  expect([failures.length, here.world.findProject("demo", "new")]).toEqual([6, undefined]);
});

test("packages that are uploaded keep having no source, and legacy ones what they have", async () => {
  const here = await projectSandbox();
  expect(await here.apply(file)).toEqual([]);
  const project = here.world.project("demo", "prj");
  here.world.addPackage(project, "linked", { type: "link", dict: { url: "https://x.example.org/a.src.rpm" } });
  const { file: exported } = await exportProject(here.client, { ownername: "demo", projectname: "prj" });
  expect(exported.packages).toMatchObject({ linked: { source: { type: "unset" } }, uploaded: { source: { type: "unset" } } });
  expect((await here.plan(exported)).changes).toEqual([]);
  const rebuilt = { uploaded: { webhook_rebuild: true }, linked: { webhook_rebuild: true } };
  expect(await here.apply({ project: "demo/prj", packages: rebuilt })).toEqual([
    "packages/linked/webhook_rebuild: The API can't write the kind of its source, 'link', nor change anything else without",
  ]);
  const uploaded = here.world.findPackage(project, "uploaded");
  expect([uploaded?.source.type, uploaded?.webhook_rebuild]).toEqual(["unset", true]);
  // An svn package that is changed stays one: the form makes git of what is not sent.
  expect(await here.apply({ project: "demo/prj", packages: { hello: { source: { ...scm, scm_type: "svn" } } } })).toEqual([]);
  expect(await here.apply({ project: "demo/prj", packages: { hello: { webhook_rebuild: false } } })).toEqual([]);
  expect(here.world.findPackage(project, "hello")?.source.dict).toMatchObject({ type: "svn", committish: "main" });
  // Of another type nothing of the old source is left.
  expect(await here.apply({ project: "demo/prj", packages: { hello: { source: { type: "distgit" } } } })).toEqual([]);
  const clone_url = "https://src.fedoraproject.org/rpms/hello";
  expect(here.world.findPackage(project, "hello")?.source.dict).toEqual({ clone_url, distgit: "fedora" });
});

test("a hand-written file is brought up to date, with its comments", async () => {
  const here = await projectSandbox();
  const text = [
    "# Ours.",
    "project: prj # of demo",
    "settings:",
    "  # What people read.",
    "  description: 'one' # short",
    "  multilib: true # nobody can read this",
    "chroots:",
    "  fedora-43-x86_64: # the main one",
    "    additional_packages:",
    "    # compilers",
    "    - gcc # C",
    "    - gone",
    "    - make # builds",
    "  epel-10-x86_64:",
    "",
    "packages:",
    "  # The first.",
    "  hello:",
    "    source: {type: scm, clone_url: https://x.example.org/, committish: main} # flow",
    "  old:",
    "    source: {type: rubygems, gem_name: x}",
    "",
  ].join("\n");
  const { parseProjectFile } = await import("../../../src/core/project-file/read-file.ts");
  expect(await here.apply({ ...parseProjectFile(text, "f").file, project: "demo/prj" })).toEqual([]);
  const ref = { ownername: "demo", projectname: "prj" };
  // Nothing differs: not a byte.
  expect(updatedFile(text, await exportProject(here.client, ref), "f")).toBe(text);
  await here.apply({
    project: "demo/prj",
    settings: { description: "two\nlines\n", enable_net: true },
    chroots: { "fedora-43-x86_64": { additional_packages: ["make", "gcc", "clang"] }, "fedora-43-aarch64": { with_opts: ["x"] } },
    packages: { hello: { source: { ...scm, committish: "1.10" }, webhook_rebuild: true }, fresh: { source: scm } },
    permissions: { bob: { builder: "approved" } },
  });
  here.world.removePackage(here.world.packages.find(({ name }) => name === "old") as never);
  const updated = updatedFile(text, await exportProject(here.client, ref), "f");
  expect(updated).toMatchInlineSnapshot(`
    "# Ours.
    project: prj # of demo
    settings:
      # What people read.
      description: | # short
        two
        lines
      multilib: true # nobody can read this
      enable_net: true
    chroots:
      fedora-43-x86_64:
        # the main one
        additional_packages:
        # compilers
        - make # builds
        - gcc # C
        - clang
      epel-10-x86_64:

      fedora-43-aarch64:
        additional_repos: []
        additional_packages: []
        additional_modules: []
        with_opts:
        - x
        without_opts: []
        isolation: unchanged
        comps: null
    packages:
      # The first.
      hello:
        source: {type: scm, clone_url: https://x.example.org/, committish: "1.10"} # flow
        webhook_rebuild: true
      fresh:
        source:
          type: scm
          clone_url: https://x.example.org/
          scm_type: git
          committish: main
          subdirectory: ""
          spec: ""
          source_build_method: rpkg
        webhook_rebuild: false
    "
  `);
  expect((await here.plan({ ...parseProjectFile(updated, "f").file, project: "demo/prj" }, true)).changes).toMatchObject([
    { action: "set", path: "settings/multilib" },
  ]);
  const json = JSON.stringify(parseProjectFile(text, "f").file);
  const updatedJson = updatedFile(json, await exportProject(here.client, ref), "f");
  expect(JSON.parse(updatedJson)).toEqual(parseProjectFile(updated, "f").file);
});

test("applyProject tells of each change in its order", async () => {
  const here = await projectSandbox();
  const told: string[] = [];
  for await (const { change, error } of applyProject(await here.plan(file)))
    told.push(`${change.action} ${change.path} ${error ?? ""}`.trim());
  expect(told).toEqual([
    "create project",
    "create chroots/fedora-43-x86_64",
    "create chroots/epel-10-x86_64",
    "create packages/hello",
    "create packages/uploaded",
    "create permissions/bob",
  ]);
});

test("chroots that somebody has enabled since the plan stay, and those that are gone do not come back", async () => {
  const here = await projectSandbox();
  expect(await here.apply({ ...file, chroots: { ...file.chroots, "fedora-43-aarch64": null } })).toEqual([]);
  const wanted: ProjectFile = { project: "demo/prj", chroots: { "fedora-43-x86_64": null, "centos-stream+epel-next-9-x86_64": null } };
  const plan = await here.plan(wanted, true);
  expect(plan.changes.map(({ action, path }) => `${action} ${path}`)).toEqual([
    "create chroots/centos-stream+epel-next-9-x86_64",
    "delete chroots/epel-10-x86_64",
    "delete chroots/fedora-43-aarch64",
  ]);
  const ref = { ownername: "demo", projectname: "prj" };
  await editProject(here.client, ref, { chroots: ["fedora-43-x86_64", "epel-10-x86_64", "fedora-rawhide-x86_64"] });
  for await (const { error } of applyProject(plan)) expect(error).toBeUndefined();
  expect(stateOf(here.world, "prj").chroots.map(({ name }) => name)).toEqual([
    "centos-stream+epel-next-9-x86_64",
    "fedora-43-x86_64",
    "fedora-rawhide-x86_64",
  ]);
});

test("a chroot that comes back has the frontend's defaults, not what it had, where the file names nothing", async () => {
  const here = await projectSandbox();
  const old = { additional_packages: ["gcc"], additional_modules: ["a:1"], isolation: "simple", bootstrap: "on", comps: "comps.xml" };
  const both = (chroot: object): ProjectFile => ({ ...file, chroots: { "fedora-43-x86_64": null, "epel-10-x86_64": chroot } });
  expect(await here.apply(both({ ...old, bootstrap_image: "fedora:43" }))).toEqual([]);
  expect(await here.apply({ project: "demo/prj", chroots: { "fedora-43-x86_64": null } }, true)).toEqual([]);
  expect(await here.apply(both({ with_opts: ["x"] }))).toEqual([]);
  expect(stateOf(here.world, "prj").chroots[0]).toEqual({
    name: "epel-10-x86_64",
    additional_repos: [],
    additional_packages: [],
    additional_modules: [],
    with_opts: ["x"],
    without_opts: [],
    isolation: "unchanged",
    bootstrap: "unchanged",
    bootstrap_image: null,
    comps_name: null,
    comps: null,
  });
});

test("how a chroot is made and its image are sent together, also where something else is refused", async () => {
  const here = await projectSandbox();
  expect(await here.apply(file)).toEqual([]);
  const refused = { additional_repos: ["copr://demo/nothing"], bootstrap_image: "fedora:43" };
  const chroots: ProjectFile["chroots"] = {
    "fedora-43-x86_64": { ...refused, bootstrap: "on", with_opts: ["a"] },
    "epel-10-x86_64": { ...refused, bootstrap: "custom_image" },
  };
  expect(await here.apply({ project: "demo/prj", chroots })).toEqual([
    expect.stringMatching(/^chroots\/fedora-43-x86_64\/additional_repos: .*copr:\/\/demo\/nothing/),
    expect.stringMatching(/^chroots\/epel-10-x86_64\/additional_repos: .*copr:\/\/demo\/nothing/),
  ]);
  expect(stateOf(here.world, "prj").chroots).toMatchObject([
    { name: "epel-10-x86_64", bootstrap: "custom_image", bootstrap_image: "fedora:43" },
    { name: "fedora-43-x86_64", bootstrap: "on", bootstrap_image: "fedora:43", with_opts: ["a"] },
  ]);
});

test("the last version of Python can't be taken out of a package, but a new one may have none", async () => {
  const here = await projectSandbox();
  const pypi = (versions: ("2" | "3")[]): ProjectFile => ({
    ...file,
    packages: { requests: { source: { type: "pypi", pypi_package_name: "requests", python_versions: versions } } },
  });
  expect(await here.apply(pypi([]))).toEqual([]);
  expect((await here.plan(pypi([]))).changes).toEqual([]);
  expect(await here.apply(pypi(["3"]))).toEqual([]);
  expect(await here.apply(pypi([]))).toEqual(["packages/requests/source/python_versions: The API can't take out the last one"]);
});
