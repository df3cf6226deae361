import { describe, expect, test } from "vitest";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { type Handler, sendJson, type WebServer, webServer } from "../support/web-server.ts";

/*
 * What upstream's client 2.5 did with the same words and the same answers, where no recorded case says it.
 */

describe("an answer of a newer frontend", () => {
  const future = { future: { a: [1, null] } };
  const chroot = {
    mock_chroot: "c",
    ownername: "me",
    projectname: "prj",
    additional_repos: [],
    additional_packages: ["p"],
    additional_modules: [],
    with_opts: [],
    without_opts: [],
    isolation: "default",
    comps_name: null,
    delete_after_days: null,
    follow_fedora_branching: true,
    ...future,
  };
  const source_package = { name: "p", url: null, version: "1", ...future };
  const build = { id: 1, state: "succeeded", ownername: "me", projectname: "prj", source_package, ...future };
  const item = {
    id: 1,
    name: "p",
    ownername: "me",
    projectname: "prj",
    auto_rebuild: false,
    source_type: "scm",
    source_dict: { clone_url: "u", ...future },
    builds: { latest: build, ...future },
    ...future,
  };
  const result = { build_id: 1, state: "succeeded", status: 1, pkg_version: "1", ...future };
  const answers: Readonly<Record<string, unknown>> = {
    "/api_3/project-chroot": chroot,
    "/api_3/package": item,
    "/api_3/monitor": { packages: [{ name: "p", chroots: { c: result }, ...future }], ...future },
  };
  const answer = (url: string): unknown => answers[url.split("?")[0] ?? ""] ?? { error: "?" };
  const shownChroot = Object.entries(chroot)
    .filter(([name]) => name !== "future")
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

  test.each<[words: string, stdout: string]>([
    ["get-chroot prj/c --output-format json", `${JSON.stringify(Object.fromEntries(shownChroot), undefined, 4)}\n`],
    ["get-chroot prj/c --output-format text-row", "['p']\t[]\t[]\tNone\tNone\tdefault\tc\tme\tprj\t[]\t[]\tTrue\n"],
    [
      "get-chroot prj/c --output-format text",
      "additional_packages: ['p']\nadditional_repos: []\nadditional_modules: []\ncomps_name: None\ndelete_after_days: None\n" +
        "isolation: default\nmock_chroot: c\nownername: me\nprojectname: prj\nwith_opts: []\nwithout_opts: []\n" +
        "follow_fedora_branching: True\n",
    ],
    [
      "get-package prj --name p --output-format text",
      "auto_rebuild: False\nid: 1\nlatest_build: {'id': 1, 'state': 'succeeded', 'ownername': 'me', 'projectname': 'prj', " +
        "'source_package': {'name': 'p', 'url': None, 'version': '1', 'future': {'a': [1, None]}}, 'future': {'a': [1, None]}}\n" +
        "name: p\nownername: me\nprojectname: prj\nsource_dict: {'clone_url': 'u', 'future': {'a': [1, None]}}\nsource_type: scm\n",
    ],
    ["monitor prj --output-format text-row", "p\tc\t1\tsucceeded\t1\n"],
  ])("shows of %s what upstream shows of it", async (words, stdout) => {
    expect(await run({ argv: words.split(" ") }, answer)).toMatchObject({ exit: 0, stdout });
  });
});

describe("words of the command line", () => {
  test.each([
    ["an owner needs a name", ["get", "/prj"], "GET /api_3/project?ownername=me&projectname=%2Fprj"],
    ["a slash after the project", ["regenerate-repos", "me/prj/"], "PUT /api_3/project/regenerate-repos/me/prj/?"],
    ["an empty owner is oneself", ["list", ""], "GET /api_3/project/list?ownername=me"],
    ["numbers with underscores", ["status", "1_0"], "GET /api_3/build/10"],
    ["no fields are the usual ones", ["monitor", "prj", "--fields", ""], "GET /api_3/monitor?ownername=me&projectname=prj"],
  ])("%s", async (_, argv, wanted) => {
    const { requests } = await run({ argv });
    expect(requests.map(({ method, url }) => `${method} ${url}`)[0]).toContain(wanted);
  });

  test.each([
    ["the last --pythonversions counts", ["buildpypi", "prj", "--packagename", "x", "--pythonversions", "3", "--pythonversions", "2"], [2]],
    ["no version is the default of a build", ["buildpypi", "prj", "--packagename", "x", "--pythonversions"], [3, 2]],
    ["no version is none for a package", ["add-package-pypi", "prj", "--name", "n", "--packagename", "x", "--pythonversions"], []],
  ])("%s", async (_, argv, versions) => {
    const { requests } = await run({ argv: argv[0] === "buildpypi" ? [...argv, "--nowait"] : argv });
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({ python_versions: versions });
  });

  test("a script is sent with LF at its line ends", async () => {
    const argv = ["buildcustom", "prj", "--script", "s.sh", "--nowait"];
    const { requests } = await run({ argv, files: { "s.sh": "#!/bin/sh\r\necho hi\rend\n" } });
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({ script: "#!/bin/sh\necho hi\nend\n" });
  });

  test("a script that is not UTF-8 is not sent as something else", async () => {
    const argv = ["buildcustom", "prj", "--script", "s.sh", "--nowait"];
    const { exit, stderr, requests } = await run({ argv, files: { "s.sh": Buffer.from("echo \xe4\n", "latin1") } });
    expect([exit, requests]).toEqual([2, []]);
    expect(stderr).toContain("It is not UTF-8 text.");
  });

  test("empty values of edit-chroot change nothing", async () => {
    const argv = ["edit-chroot", "prj/c", "--bootstrap", "on", "--bootstrap-image", "", "--upload-comps", ""];
    const { exit, requests } = await run({ argv });
    expect(exit).toBe(0);
    expect(String(requests[0]?.body)).toContain('"bootstrap":"on","bootstrap_image":""');
    expect(String(requests[0]?.body)).not.toContain("upload_comps");
  });

  test.each([["mailto:x"], ["http:x"], [" http://x/a"], ["http://x/a  "]])("%j is an address", async (address) => {
    const { requests } = await run({ argv: ["build", "prj", address, "--nowait"] });
    expect(JSON.parse(String(requests[1]?.body))).toMatchObject({ pkgs: [address] });
  });

  test("an empty request for permissions is a request, two are one too many", async () => {
    const { exit, requests } = await run({ argv: ["request-permissions", "prj", "--admin="] });
    expect(exit).toBe(0);
    expect(JSON.parse(String(requests[0]?.body))).toEqual({ admin: true });
    expect((await run({ argv: ["request-permissions", "prj", "--admin", "--admin", "nothing"] })).exit).toBe(2);
  });
});

describe("what is printed", () => {
  test("a field of monitor that was asked for twice comes twice; no build has the page None", async () => {
    const argv = ["monitor", "prj", "--output-format", "text-row", "--fields", "state,name,state,url_build"];
    const { stdout, server } = await run({ argv });
    expect(stdout).toBe(`None\thello\tNone\t${server.url}/coprs/build/None\n`);
  });

  test("a deleted package has the name that was typed", async () => {
    const { stdout } = await run({ argv: ["delete-package", "prj", "--name", "n"] }, {});
    expect(stdout).toBe("Package n was successfully deleted.\n");
  });

  test("every @ of an owner is the path of a group", async () => {
    const { stdout, server } = await run({ argv: ["create", "@g@h/x", "--chroot", "c"] });
    expect(stdout).toBe(`New project was successfully created: ${server.url}/coprs/g/gg/h/x/\n`);
  });

  test.each([[null], [""]])("an error without words, %j", async (error) => {
    const { exit, stderr } = await run({ argv: ["get", "prj"] }, { error }, 400);
    expect([exit, stderr]).toEqual([1, "\nSomething went wrong:\nError: Unspecified error\n"]);
  });
});

describe("what the text formats make of values", () => {
  const source = { name: "prj", source_dict: { k: "a\u00a0\u200b\u{e0001}'" }, builds: {} };

  test("a build that came in a list is a Munch", async () => {
    const argv = ["get-package", "prj", "--name", "n", "--with-all-builds", "--output-format", "text"];
    const { stdout } = await run({ argv }, { ...source, items: [{ id: 1, source_package: { name: null } }] });
    expect(stdout).toContain("builds: [Munch({'id': 1, 'source_package': {'name': None}})]\n");
    const json = await run({ argv: argv.slice(0, 5) }, { ...source, items: [{ id: 1 }] });
    expect(JSON.parse(json.stdout)).toMatchObject({ builds: [{ id: 1 }] });
  });

  test("what is not printable is shown by its number", async () => {
    const { stdout } = await run({ argv: ["get-package", "prj", "--name", "n", "--output-format", "text"] }, source);
    expect(stdout).toContain(`source_dict: {'k': "a\\xa0\\u200b\\U000e0001'"}\n`);
  });

  test("a CR at the end of a line stays, another one hides nothing", async () => {
    const { stdout } = await run({ argv: ["get", "prj"] }, { name: "a\rb", description: "one\r\ntwo", chroot_repos: { c: null } });
    expect(stdout).toBe("Name: ab\n  Description: one\r\ntwo\n  Repo(s):\n    c: None\n\n");
  });

  test("a build without a source package has no name", async () => {
    const answers = [
      { items: [{ id: 3, state: "x" }], meta: {} },
      { items: [], meta: {} },
    ];
    const { stdout } = await run({ argv: ["list-builds", "prj", "--output-format", "text-row"] }, () => answers.shift());
    expect(stdout).toBe("3\tx\n");
  });

  test("empty lines of a chroot's comment are indented too", async () => {
    expect((await run({ argv: ["list-chroots"] }, { c: "x\n\ny\n" })).stdout).toBe("c\n    x\n    \n    y\n    \n");
  });

  test("null and true of permissions", async () => {
    const { stdout } = await run({ argv: ["list-permissions", "prj"] }, { permissions: { bob: { admin: null, builder: true } } });
    expect(stdout).toBe("bob:\n  admin: None\n  builder: True\n");
  });
});

describe("options before the command", () => {
  test("an empty --config is none", async () => {
    expect((await run({ argv: ["--config", "", "whoami"] })).stdout).toBe("me\n");
  });

  test("--debug alone says so, and helps", async () => {
    const { exit, stderr } = await run({ argv: ["--debug"] });
    expect([exit, stderr]).toEqual([0, "#  Debug log enabled  #\n"]);
  });

  test("FORCE_COLOR counts whatever it says", async () => {
    const { stdout } = await run({ argv: ["status", "10"], env: { FORCE_COLOR: "0" } });
    expect(stdout).toBe("\u001b[32msucceeded\u001b[0m\n");
  });
});

const project = ["get prj", "delete prj", "fork a/b prj", "regenerate-repos prj", "list", "list-permissions prj", "monitor prj"];
const builds = [
  "status 1",
  "cancel 1",
  "watch-build 1",
  "delete-build 1",
  "build prj http://x/y",
  "buildgem prj --gem g",
  "list-builds prj",
];
const others = ["build-package prj --name n", "list-packages prj", "new-api-token", "download-build 1"];

describe("an answer that lacks what it is about", () => {
  test.each([...project, ...builds, ...others])("%s", async (line) => {
    for (const [answer, error] of [
      [{}, "The frontend's answer to this request lacks '"],
      [[], "The frontend answered a bare list, which is no answer"],
    ] as const) {
      const { exit, stdout, stderr } = await run({ argv: line.split(" ") }, answer);
      expect(exit).toBe(1);
      expect(stdout).not.toContain("undefined");
      expect(stdout).not.toContain("Created builds");
      expect(stderr).toContain(`\nSomething went wrong:\nError: ${error}`);
    }
  });
});

/** Everything that an answer of any route needs. */
const usual = {
  id: 10,
  name: "prj",
  full_name: "me/prj",
  projectname: "prj",
  state: "succeeded",
  items: [],
  meta: { limit: 1, offset: 0 },
  packages: [{ name: "hello", chroots: { c: { build_id: null, state: null } } }],
};

async function run(cli: CliRun, answer: unknown = usual, status = 200) {
  const handler: Handler = (response, { url }) => sendJson(response, typeof answer === "function" ? answer(url) : answer, status);
  const server: WebServer = await webServer(handler);
  const config = `[copr-cli]\nlogin = L\ntoken = T\nusername = me\nencrypted = no\ncopr_url = ${server.url}\n`;
  return { ...(await runCli({ config, ...cli })), requests: server.requests, server };
}
