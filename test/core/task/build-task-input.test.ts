import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidTaskError, maxTaskBytes, parseBuildTask } from "../../../src/core/task/build-task.ts";

const rpm = {
  task_id: "4-fedora-42-x86_64",
  project_owner: "alice",
  project_name: "prj",
  chroot: "fedora-42-x86_64",
  git_repo: "https://h/git/x",
  git_hash: "2d9c6fb7",
};
const srpm = { task_id: "4", project_owner: "@group", project_name: "prj", source_type: 1, source_json: '{"url": "https://h/x.src.rpm"}' };

describe("what is no task at all", () => {
  test.each([
    ["null", "nothing to build"],
    ["", "not JSON"],
    ["{", "not JSON"],
    ["<!DOCTYPE html><html></html>", "not JSON"],
    ["[]", "not a JSON object"],
    ["[null]", "not a JSON object"],
    ['"text"', "not a JSON object"],
    ["42", "not a JSON object"],
    ["true", "not a JSON object"],
    ["{}", "task_id is missing"],
    ['{"msg": "Specified task ID not found"}', "task_id is missing"],
  ])("%j", (text, message) => {
    expect(() => parseBuildTask(text)).toThrow(InvalidTaskError);
    expect(() => parseBuildTask(text)).toThrow(message);
  });

  test("a web page gets a hint", () => {
    expect(() => parseBuildTask("\n<html>")).toThrow(expect.objectContaining({ hint: expect.stringContaining("web page") }));
  });

  test("a text beyond the limit", () => {
    const text = JSON.stringify({ ...rpm, more: "x".repeat(maxTaskBytes) });
    expect(() => parseBuildTask(text)).toThrow(InvalidTaskError);
    expect(() => parseBuildTask(text)).toThrow("larger than");
  });

  test("values as deep as the limit allows", () => {
    const deep = "[".repeat(2_000_000) + "]".repeat(2_000_000);
    for (const text of [deep, `{"task_id": ${deep}}`, JSON.stringify(rpm).replace('"2d9c6fb7"', deep)]) {
      expect(() => parseBuildTask(text)).toThrow(InvalidTaskError);
    }
  });
});

test("unknown keys are left out, also in lists and sources", () => {
  const repos = [{ id: "a", name: "b", baseurl: "http://h/", unknown: 1 }];
  const task = parseBuildTask(JSON.stringify({ ...rpm, repos, unknown: "\n", sandbox: "x\ny", ssh_public_keys: "a\nb" }));
  expect(JSON.stringify(task)).not.toMatch(/unknown|sandbox|ssh_public_keys/);
  const source = { url: "https://h/x.spec", unknown: "\n" };
  expect(parseBuildTask(JSON.stringify({ ...srpm, source_json: source }))).toMatchObject({
    source: { type: "link", url: "https://h/x.spec" },
  });
  expect(JSON.stringify(parseBuildTask(JSON.stringify({ ...srpm, source_json: JSON.stringify(source) })))).not.toContain("unknown");
});

test("keys that mean something to JavaScript mean nothing here", () => {
  const hostile = '"__proto__": {"chroot": "evil", "polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "toString": 1';
  const task = parseBuildTask(`{${hostile}, ${JSON.stringify(rpm).slice(1)}`);
  expect(Object.getPrototypeOf(task)).toBe(Object.prototype);
  expect(task.chroot).toBe(rpm.chroot);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  // A key may not come from the prototype either.
  expect(() => parseBuildTask(`{"__proto__": ${JSON.stringify(rpm)}}`)).toThrow("task_id is missing");
  expect(() => parseBuildTask(JSON.stringify({ ...rpm, modules: { toggle: [{ constructor: "x" }] } }))).toThrow("modules.toggle.0");
  expect(() => parseBuildTask(JSON.stringify({ ...srpm, source_type: "constructor" }))).toThrow("source_type");
});

test("a key that would change the build and is not known is named", () => {
  const modules = { toggle: [{ enable: "a:1" }], reset: "b" };
  expect(() => parseBuildTask(JSON.stringify({ ...rpm, modules }))).toThrow(/modules\.reset is not known$/);
});

test("a task id is made of build id and chroot in hand-written definitions", () => {
  const { task_id: _, ...handWritten } = rpm;
  expect(parseBuildTask(JSON.stringify({ ...handWritten, build_id: 7 })).task_id).toBe("7-fedora-42-x86_64");
  expect(parseBuildTask(JSON.stringify({ ...srpm, task_id: undefined, build_id: 7 })).task_id).toBe("7");
});

test("addresses of files are for definitions of the local user only", () => {
  const text = JSON.stringify({ ...rpm, git_repo: "file:///srv/git/x" });
  expect(() => parseBuildTask(text)).toThrow("git_repo must begin with https:, http:, git:, ssh:");
  expect(parseBuildTask(text, { allowLocalFiles: true })).toMatchObject({ git_repo: "file:///srv/git/x" });
});

test.each([
  [{ timeout: null }, { timeout: null }],
  [{ timeout: 0 }, { timeout: 0 }],
  // Longer than a timer can wait, in seconds and in milliseconds.
  [{ timeout: 2_147_483_648 }, { timeout: 2_147_483_648 }],
  [{ timeout: 1e300 }, { timeout: 1e300 }],
  [{ modules: null }, { modules: null }],
  [{ modules: { toggle: [{ enable: "a:1" }, { disable: "b:2" }] } }, { modules: { toggle: [{ enable: "a:1" }, { disable: "b:2" }] } }],
  [{ enable_net: null }, { enable_net: null }],
  [{}, { enable_net: false, repos: [], buildroot_pkgs: [], with_opts: [], tags: [] }],
  [{ project_owner: "Größe_1" }, { project_owner: "Größe_1" }],
  [{ project_dirname: "prj:pr:12" }, { project_dirname: "prj:pr:12" }],
  [
    { buildroot_pkgs: ["pkgconfig(x) ".trim(), "perl(A::B)", "/usr/bin/x", "@buildsys"] },
    { buildroot_pkgs: ["pkgconfig(x)", "perl(A::B)", "/usr/bin/x", "@buildsys"] },
  ],
  [{ git_hash: null }, { git_hash: null }],
  ...["git_hash", "project_dirname", "package_name", "isolation", "bootstrap", "bootstrap_image"].map((field): [object, object] => [
    { [field]: "" },
    { [field]: null },
  ]),
  [{ bootstrap_image: "quay.io/x/y@sha256:" + "0".repeat(64) }, {}],
])("%j is fine", (values, expected) => {
  expect(parseBuildTask(JSON.stringify({ ...rpm, ...values }))).toMatchObject(expected);
});

/** JSON near enough to a task to get deep into the schema. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "https://h/",
        "ssh://",
        "-",
        "--x=",
        "..",
        "/",
        "\n",
        "\u0000",
        "\u009b",
        "\u0085",
        "\u2028",
        "{{",
        "'",
        '"',
        "x",
        "1",
      ),
      fc.constantFrom("fedora-42-x86_64", "4", "@", ":", "\ud800"),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""));
const anyJson = fc.oneof(nastyText, fc.array(nastyText, { maxLength: 2 }), fc.jsonValue({ maxDepth: 2 }));
const changes = fc.dictionary(
  fc.constantFrom(
    ..."task_id chroot git_repo git_hash project_owner project_name project_dirname package_name package_version".split(" "),
    ..."buildroot_pkgs with_opts isolation bootstrap bootstrap_image modules tags timeout enable_net source_type".split(" "),
  ),
  anyJson,
  { maxKeys: 2 },
);
const repository = fc.record({
  id: fc.oneof(fc.constant("a"), nastyText),
  name: nastyText,
  baseurl: nastyText.map((text) => `http://h/${text}`),
});
const source = fc.dictionary(
  fc.constantFrom(
    ..."url clone_url committish subdirectory spec pypi_package_name gem_name chroot builddeps resultdir tmp repos namespace".split(" "),
  ),
  fc.oneof(anyJson, fc.constantFrom("https://h/x", "fedora-42-x86_64", "name")),
  { minKeys: 1, maxKeys: 4 },
);

const task = fc.oneof(
  fc.tuple(changes, fc.array(repository, { maxLength: 2 })).map(([values, repos]) => ({ ...rpm, repos, ...values })),
  fc
    .tuple(fc.constantFrom(1, 2, 5, 6, 8, 9, 10), source, fc.boolean())
    .map(([type, json, isText]) => ({ ...srpm, source_type: type, source_json: isText ? JSON.stringify(json) : json })),
);

/** Every text in a value, but under some keys. */
function textsOf(value: unknown, except: readonly string[]): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (except.includes(key) ? [] : textsOf(one, except)));
}
/** Scripts and payloads are files. */
const files = ["script", "hook_data"];
/** What is only shown or quoted may begin with a dash. */
const quoted = ["name", "tags", "package_version", "repos", "distgit", "pkg", "tmp"];

test("nothing but InvalidTaskError is thrown, and no text with controls or templates comes through", () => {
  let accepted = 0;
  fc.assert(
    fc.property(task, (value) => {
      try {
        const parsed = parseBuildTask(JSON.stringify(value));
        accepted += 1;
        // oxlint-disable-next-line no-control-regex
        for (const text of textsOf(parsed, files)) expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        const source = "source" in parsed ? parsed.source : parsed;
        for (const text of textsOf(source, [...files, ...quoted])) expect(text).not.toMatch(/^-/);
        const { git_repo: repo, repos } = parsed as { git_repo?: string; repos: { baseurl: string }[] };
        if (repo !== undefined) expect(repo).toMatch(/^(https?|git|ssh):\/\/[^-\s'"\\/][^\s'"\\]*$/);
        for (const { baseurl } of repos) expect(baseurl).not.toMatch(/\{[{%#]|['"\\\s]/);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidTaskError);
        expect((error as Error).message).not.toContain("\n");
      }
    }),
    { numRuns: 5000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test("any text at all is a task or an InvalidTaskError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (text) => {
      expect(() => parseBuildTask(text)).toThrow(InvalidTaskError);
    }),
    { numRuns: 1000 },
  );
});

describe("what frontends let through fails no build", () => {
  const source = (type: number, json: Record<string, unknown>): unknown =>
    parseBuildTask(JSON.stringify({ ...srpm, source_type: type, source_json: JSON.stringify(json) }));

  test("several repositories of a script, which come as lines", () => {
    const json = { script: "true", chroot: "fedora-43-x86_64", repos: "http://a/\nhttp://b/" };
    expect(source(9, json)).toMatchObject({ source: { type: "custom" } });
  });

  test("names of uploads and dist-gits that are only for people", () => {
    expect(source(2, { url: "https://h/x.spec", pkg: "a\tb", tmp: "{{x}}" })).toMatchObject({ source: { type: "upload" } });
    expect(source(10, { clone_url: "https://h/x", distgit: "a\nb" })).toMatchObject({ source: { type: "distgit" } });
  });

  test.each(["repos", "buildroot_pkgs", "with_opts", "without_opts", "tags"])("an empty text for the list %s", (field) => {
    expect(parseBuildTask(JSON.stringify({ ...rpm, [field]: "" }))).toMatchObject({ [field]: [] });
  });

  test("an empty text for the versions of Python, and for a chroot that is named elsewhere", () => {
    expect(source(5, { pypi_package_name: "x", python_versions: "" })).toMatchObject({ source: { python_versions: [] } });
    const { chroot } = rpm;
    expect(parseBuildTask(JSON.stringify({ ...rpm, chroot: "" }), { chroot })).toMatchObject({ chroot });
  });

  test.each([
    ["-5", -5],
    [" 7 ", 7],
    ["abc", null],
    [3, 3],
    [null, null],
    [undefined, undefined],
  ])("a priority as text: %j", (priority, expected) => {
    const task = parseBuildTask(JSON.stringify({ ...rpm, repos: [{ id: "a", name: "b", baseurl: "http://h/", priority }] }));
    expect(task.repos[0]?.priority).toBe(expected);
  });
});
