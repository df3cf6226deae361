import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidTaskError, parseBuildTask } from "../../../src/core/task/build-task.ts";
import type { TaskRules } from "../../../src/core/task/build-task-schema.ts";

const transcripts = new URL("../../fixtures/transcripts/", import.meta.url);

/** A recorded answer of the frontend. */
function recorded(name: string): Record<string, unknown> {
  const { stdout } = JSON.parse(readFileSync(new URL(name, transcripts), "utf8")) as { stdout: string };
  return JSON.parse(stdout.replace(/\{(URL|DISTGIT|RESULTS)\}/g, "http://127.0.0.1:8080")) as Record<string, unknown>;
}

const rpmTask = recorded("backend-task-fedora-42-x86_64.json");
const srpmTask = recorded("backend-srpm-task-build-url-nowait.json");

const parse = (value: unknown, rules?: TaskRules) => parseBuildTask(JSON.stringify(value), rules);
const parseSource = (sourceType: number, source: unknown, rules?: TaskRules) =>
  parse({ ...srpmTask, source_type: sourceType, source_json: JSON.stringify(source) }, rules);

const tasks = readdirSync(transcripts).filter((name) => /^backend-(srpm-)?task-.*(?<!missing)\.json$/.test(name));

describe("recorded tasks", () => {
  test.each(tasks)("%s is accepted", (name) => {
    const wire = recorded(name);
    const task = parse(wire);
    const { source_json: sourceJson, source_type: sourceType, ...rest } = wire;
    const { kind, ...own } = task;
    expect(kind).toBe(name.includes("srpm") ? "srpm" : "rpm");
    const { source, ...common } = "source" in own ? own : { ...own, source: undefined };
    for (const [key, value] of Object.entries(common)) expect([key, value]).toEqual([key, rest[key] ?? value]);
    if (source) {
      expect(sourceType).toBe({ link: 1, upload: 2, pypi: 5, rubygems: 6, scm: 8, custom: 9, distgit: 10 }[source.type]);
      const given = JSON.parse(sourceJson as string) as Record<string, unknown>;
      const { type: _, ...fields } = source;
      // `type` of a repository has to make room.
      const wireKey = (key: string): string => (key === "scm_type" ? "type" : key);
      for (const [key, value] of Object.entries(fields)) expect([key, value]).toEqual([key, given[wireKey(key)] ?? value]);
    }
  });

  test("there are some of both kinds, of every source", () => {
    const types = new Set(tasks.map((name) => parse(recorded(name))).map((task) => (task.kind === "srpm" ? task.source.type : "rpm")));
    expect([...types].sort()).toEqual(["custom", "distgit", "link", "pypi", "rpm", "rubygems", "scm", "upload"]);
  });

  test.each(["fix/#12", "topic(core)", "größe", "#7", "a,b=c!"])("a branch may be named %s", (committish) => {
    expect(parseSource(8, { ...scm, committish })).toMatchObject({ source: { committish } });
  });

  test("the kind of a repository is apart from the kind of the source", () => {
    expect(parseSource(8, scm)).toMatchObject({ source: { type: "scm", scm_type: "git" } });
    expect(parseSource(8, { ...scm, type: "svn" })).toMatchObject({ source: { type: "scm", scm_type: "svn" } });
    expect(parseSource(1, { url: "https://h/x.spec", type: "scm" })).toMatchObject({ source: { type: "link" } });
  });

  test.each(["backend-task-missing.json", "backend-srpm-task-missing.json"])("the answer %s is no task", (name) => {
    expect(() => parse(recorded(name))).toThrow(InvalidTaskError);
  });
});

const script = { script: "#!/bin/sh\n", chroot: "fedora-42-x86_64" };
const scm = { clone_url: "https://h/x.git" };
const repository = { id: "copr_base", name: "Copr repository", baseurl: "http://h/" };
const withRepository = (values: object) => ({ repos: [repository, { ...repository, ...values }] });

/** Security list: where, what is put there. The name of the place must be in the message. */
const refused: [where: string, values: object][] = [
  ["buildroot_pkgs.0", { buildroot_pkgs: ["x'\n;open('x')"] }],
  ["buildroot_pkgs.1", { buildroot_pkgs: ["gcc", "--config-opts=x"] }],
  ["buildroot_pkgs.0", { buildroot_pkgs: ["two words"] }],
  ["buildroot_pkgs.0", { buildroot_pkgs: ["{{x}}"] }],
  ["buildroot_pkgs.0", { buildroot_pkgs: [""] }],
  ["buildroot_pkgs.0", { buildroot_pkgs: [7] }],
  ["buildroot_pkgs", { buildroot_pkgs: "gcc" }],
  ["buildroot_pkgs", { buildroot_pkgs: Array.from({ length: 1001 }, () => "x") }],
  ["repos.1.baseurl", withRepository({ baseurl: 'http://h/""";open("x");x="""' })],
  ["repos.1.baseurl", withRepository({ baseurl: "http://h/\n[evil]" })],
  ["repos.1.baseurl", withRepository({ baseurl: "file:///etc" })],
  ["repos.1.baseurl", withRepository({ baseurl: "/etc" })],
  ["repos.1.baseurl", withRepository({ baseurl: "http://h/{{x}}" })],
  ["repos.1.baseurl", withRepository({ baseurl: "http://h/\u0000" })],
  ["repos.1.baseurl", withRepository({ baseurl: "http://h/\u009b31m" })],
  ["repos.1.baseurl", withRepository({ baseurl: `http://h/${"x".repeat(2000)}` })],
  ["repos.1.baseurl", withRepository({ baseurl: undefined })],
  ["repos.1.name", withRepository({ name: "x\ngpgcheck=0" })],
  ["repos.1.name", withRepository({ name: "{% x %}" })],
  ["repos.1.id", withRepository({ id: "x]\n[evil" })],
  ["repos.1.id", withRepository({ id: "" })],
  ["repos.1.priority", withRepository({ priority: "1\nx" })],
  ["chroot", { chroot: "../../tmp/evil" }],
  ["chroot", { chroot: "x';open('y');'" }],
  ["chroot", { chroot: "fedora-42-x86_64\n" }],
  ["chroot", { chroot: ".hidden" }],
  ["chroot", { chroot: "-r" }],
  ["chroot", { chroot: null }],
  ["isolation", { isolation: "x'\n" }],
  ["bootstrap", { bootstrap: "evil" }],
  ["bootstrap_image", { bootstrap_image: 'x";y' }],
  ["bootstrap_image", { bootstrap_image: "--privileged" }],
  ["bootstrap_image", { bootstrap_image: "docker://example.com/test:30" }],
  ["project_owner", { project_owner: "x\n%evil y" }],
  ["project_owner", { project_owner: "%{lua:x}" }],
  ["project_owner", { project_owner: "{{x}}" }],
  ["project_name", { project_name: "../x" }],
  ["project_name", { project_name: "x/y" }],
  ["project_dirname", { project_dirname: "a/../b" }],
  ["package_name", { package_name: ".." }],
  ["package_name", { package_name: "-x" }],
  ["package_version", { package_version: "1\n2" }],
  ["git_hash", { git_hash: "--pathspec-from-file=/etc/passwd" }],
  ["git_hash", { git_hash: "--orphan" }],
  ["git_hash", { git_hash: "a b" }],
  ["git_repo", { git_repo: "--upload-pack=touch x" }],
  ["git_repo", { git_repo: "ext::sh -c x" }],
  ["git_repo", { git_repo: "ext::sh" }],
  ["git_repo", { git_repo: "file:///etc" }],
  ["git_repo", { git_repo: "/etc" }],
  ["git_repo", { git_repo: "git@h:x" }],
  ["git_repo", { git_repo: "ssh://-oProxyCommand=id/x" }],
  ["git_repo", { git_repo: "ssh://me@-oProxyCommand=id/x" }],
  ["git_repo", { git_repo: "https:" }],
  ["git_repo", { git_repo: "https:///etc" }],
  ["git_repo", { git_repo: "http://h/\u001b]0;x\u0007" }],
  ["git_repo", { git_repo: "http://h/x\u2028y" }],
  ["with_opts.0", { with_opts: ["-x"] }],
  ["without_opts.0", { without_opts: ["x --define=y"] }],
  ["modules.toggle.0", { modules: { toggle: [{ enable: "a:1", disable: "b:2" }] } }],
  ["modules.toggle.0.enable", { modules: { toggle: [{ enable: "{{x}}" }] } }],
  ["modules.toggle.0.evil", { modules: { toggle: [{ evil: "x:1" }] } }],
  ["modules", { modules: "x" }],
  ["modules", { modules: [] }],
  ["modules", { modules: [["x"]] }],
  ["modules.toggle", { modules: {} }],
  ["modules.toggle", { modules: { toggle: [] } }],
  ["modules.toggle", { modules: { toggle: null } }],
  ["modules.toggle.0", { modules: { toggle: [["enable", "a:1"]] } }],
  ["modules.install", { modules: { toggle: [{ enable: "a:1" }], install: ["b"] } }],
  ["tags.0", { tags: ["x\ny"] }],
  ["timeout", { timeout: -1 }],
  ["timeout", { timeout: "1" }],
  ["enable_net", { enable_net: "yes" }],
  ["task_id", { task_id: "4-../../x" }],
  ["task_id", { task_id: "x" }],
  ["task_id", { task_id: "4" }],
  ["task_id", { task_id: 4 }],
  ["source_type", { source_type: 0, task_id: "4" }],
  ["source_type", { source_type: 99, task_id: "4" }],
  ["source_type", { source_type: 1.5, task_id: "4" }],
  ["source_json", { source_type: 1, source_json: "{", task_id: "4" }],
  ["source_json", { source_type: 1, source_json: "null", task_id: "4" }],
  ["source_json", { source_type: 1, source_json: '["x"]', task_id: "4" }],
];

const refusedSources: [type: number, where: string, source: object][] = [
  [1, "url", {}],
  [1, "url", { url: "https://h/x y" }],
  [1, "url", { url: "file:///etc/passwd" }],
  [1, "url", { url: "gopher://h/" }],
  [1, "url", { url: "-o/etc/x" }],
  [2, "url", { url: "ftp://h/" }],
  [5, "pypi_package_name", { pypi_package_name: "--help" }],
  [5, "pypi_package_name", { pypi_package_name: "a/../b" }],
  [5, "pypi_package_version", { pypi_package_name: "a", pypi_package_version: "-x" }],
  [5, "spec_template", { pypi_package_name: "a", spec_template: "../x" }],
  [5, "spec_generator", { pypi_package_name: "a", spec_generator: "sh" }],
  [5, "python_versions.0", { pypi_package_name: "a", python_versions: ["3;x"] }],
  [6, "gem_name", { gem_name: "-x" }],
  [6, "gem_name", { gem_name: "a b" }],
  [8, "clone_url", { clone_url: "--upload-pack=x" }],
  [8, "clone_url", { clone_url: "ext::sh" }],
  [8, "committish", { ...scm, committish: "--pathspec-from-file=/etc/passwd" }],
  [8, "committish", { ...scm, committish: "x\n" }],
  [8, "subdirectory", { ...scm, subdirectory: "../../.." }],
  [8, "subdirectory", { ...scm, subdirectory: "a/../../b" }],
  [8, "subdirectory", { ...scm, subdirectory: "-x" }],
  [8, "spec", { ...scm, spec: "../x.spec" }],
  [8, "spec", { ...scm, spec: "x\n.spec" }],
  [8, "srpm_build_method", { ...scm, srpm_build_method: "sh" }],
  [8, "type", { ...scm, type: "hg" }],
  [9, "chroot", { ...script, chroot: "../../etc/mock/x" }],
  [9, "builddeps", { ...script, builddeps: "gcc --config-opts=x" }],
  [9, "builddeps", { ...script, builddeps: ["-r"] }],
  [9, "builddeps", { ...script, builddeps: "gcc {{x}}" }],
  [9, "resultdir", { ...script, resultdir: "../.." }],
  [9, "tmp", { ...script, tmp: ".." }],
  [9, "tmp", { ...script, tmp: "a/b" }],
  [9, "script", { chroot: "fedora-42-x86_64" }],
  [9, "script", { ...script, script: "x".repeat(1024 * 1024 + 1) }],
  [10, "clone_url", { clone_url: "svn://h/x" }],
  [10, "namespace", { ...scm, namespace: "../x" }],
  [10, "committish", { ...scm, committish: "-x" }],
];

function messageOf(parsing: () => unknown): string {
  try {
    parsing();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidTaskError);
    expect((error as InvalidTaskError).exitCode).toBe(1);
    return (error as Error).message;
  }
  return expect.fail("was accepted");
}

describe("what can do harm is refused with one sentence that names the field", () => {
  test.each(refused)("%s: %j", (where, values) => {
    const message = messageOf(() => parse({ ...rpmTask, ...values }));
    expect(` ${message} `).toContain(` ${where} `);
    expect(message).toMatch(/^[^\n]{10,400}$/);
  });

  test.each(refusedSources)("source %i, %s: %j", (type, where, source) => {
    const message = messageOf(() => parseSource(type, source));
    expect(message).toContain(` source_json.${where} `);
    expect(message).toMatch(/^[^\n]{10,400}$/);
  });
});

test("a password in an address that is refused stays out of the message", () => {
  const message = messageOf(() => parseSource(8, { clone_url: "https://bob:ge@heim@h/x y" }));
  expect(message).toContain("https://h/x y");
  expect(message).not.toMatch(/bob|ge|heim/);
});
