import { describe, expect, test } from "vitest";
import type { RpmRepo } from "../../../src/core/api/index.ts";
import { CoprError, ResponseError } from "../../../src/core/errors.ts";
import { repoFile, type RepoFileRequest } from "../../../src/core/repositories/repo-file.ts";

const results = "https://download.copr.fedorainfracloud.org/results";

/** As the frontend's source makes it for a project with multilib, a priority and both kinds of dependencies. */
const answer = (): RpmRepo => ({
  results_url: results,
  repos: {
    "fedora-43": {
      arch: {
        x86_64: {
          opts: { module_hotfixes: "1", priority: 9 },
          multilib: { i386: { opts: { cost: "1100", module_hotfixes: "1", priority: 9 } } },
        },
        aarch64: { opts: { module_hotfixes: "1", priority: 9 } },
      },
    },
    "epel-9": { arch: { x86_64: { opts: {} } } },
  },
  directories: { "copr-dev": {}, "copr-dev:pr:7": { delete_after_days: 12 } },
  dependencies: [
    {
      opts: {
        id: "coprdep:copr.fedorainfracloud.org:group_copr:copr",
        name: "Copr copr.fedorainfracloud.org/@copr/copr-dev runtime dependency #1 - @copr/copr",
      },
      type: "copr",
      data: { owner: "@copr", projectname: "copr" },
    },
    {
      opts: { id: "coprdep:https_example_org_chroot", name: "Copr … external runtime dependency #2 - https_example_org_chroot" },
      type: "external_baseurl",
      data: { pattern: "https://example.org/$distname/$chroot/$basearch/" },
    },
  ],
});

const request: RepoFileRequest = {
  coprUrl: "https://copr.fedorainfracloud.org",
  ownername: "@copr",
  dirname: "copr-dev",
  releases: ["fedora-43"],
  isMachines: true,
  architecture: "x86_64",
};

/** Written by hand, from what dnf5's copr plugin and the frontend's own file say. */
const expected = `[copr:copr.fedorainfracloud.org:group_copr:copr-dev]
name=Copr repo for copr-dev owned by @copr
baseurl=${results}/@copr/copr-dev/fedora-$releasever-$basearch/
type=rpm-md
skip_if_unavailable=True
gpgcheck=1
gpgkey=${results}/@copr/copr-dev/pubkey.gpg
repo_gpgcheck=0
enabled=1
enabled_metadata=1
priority=9
module_hotfixes=1

[copr:copr.fedorainfracloud.org:group_copr:copr-dev:ml]
name=Copr repo for copr-dev owned by @copr (i386)
baseurl=${results}/@copr/copr-dev/fedora-$releasever-i386/
type=rpm-md
skip_if_unavailable=True
gpgcheck=1
gpgkey=${results}/@copr/copr-dev/pubkey.gpg
repo_gpgcheck=0
cost=1100
enabled=1
enabled_metadata=1
priority=9
module_hotfixes=1

[coprdep:copr.fedorainfracloud.org:group_copr:copr]
name=Copr copr.fedorainfracloud.org/@copr/copr-dev runtime dependency #1 - @copr/copr
baseurl=${results}/@copr/copr/fedora-$releasever-$basearch/
type=rpm-md
skip_if_unavailable=True
gpgcheck=1
gpgkey=${results}/@copr/copr/pubkey.gpg
repo_gpgcheck=0
enabled=1
enabled_metadata=1

[coprdep:https_example_org_chroot]
name=Copr … external runtime dependency #2 - https_example_org_chroot
baseurl=https://example.org/fedora/fedora-$releasever-$basearch/$basearch/
type=rpm-md
skip_if_unavailable=True
gpgcheck=0
repo_gpgcheck=0
enabled=1
enabled_metadata=1
`;

/** The address of the packages. */
const baseurlOf = (text: string): string | undefined => /^baseurl=(.*)$/m.exec(text)?.[1];

describe("a project's .repo file", () => {
  test("is that of dnf copr", () => {
    expect(repoFile(answer(), request)).toEqual({
      name: "_copr:copr.fedorainfracloud.org:group_copr:copr-dev.repo",
      release: "fedora-43",
      text: expected,
    });
  });

  test.each([
    [["fedora-43"], true, "x86_64", "fedora-$releasever-$basearch"],
    [["fedora-43"], false, "x86_64", "fedora-43-$basearch"],
    [["fedora-43"], false, "riscv64", "fedora-43-$basearch"],
    [["centos-9", "epel-9"], true, "x86_64", "epel-9-$basearch"],
    [["fedora-43-aarch64"], false, "x86_64", "fedora-43-aarch64"],
  ])("for %j, the machine's: %j, on %s", (releases, isMachines, architecture, chroot) => {
    const { text } = repoFile(answer(), { ...request, releases, isMachines, architecture });
    expect(baseurlOf(text)).toBe(`${results}/@copr/copr-dev/${chroot}/`);
    expect(text.includes(":ml]")).toBe(chroot.startsWith("fedora") && !chroot.endsWith("aarch64"));
  });

  test("of a directory, a host with a port, and a key that lies elsewhere", () => {
    const { name, text } = repoFile(
      { ...answer(), delete_after_days: 30, pubkey_url: "https://keys.example.org/copr-dev.gpg" },
      { ...request, coprUrl: "http://copr.example.org:5000/", ownername: "bob", dirname: "copr-dev:pr:7" },
    );
    expect(name).toBe("_copr:copr.example.org:bob:copr-dev:pr:7.repo");
    expect(text).toMatch(/^# 12 days until this repository is deleted\.\n\[copr:copr\.example\.org:bob:copr-dev:pr:7\]\n/);
    expect(text).toContain("\ngpgkey=https://keys.example.org/copr-dev.gpg\n");
    expect(baseurlOf(text)).toBe(`${results}/bob/copr-dev:pr:7/fedora-$releasever-$basearch/`);
  });

  test.each([
    [{ releases: ["fedora-99"], isMachines: false }, "@copr/copr-dev has no repository of fedora-99; there are: fedora-43, epel-9"],
    [{ releases: ["constructor"], isMachines: false }, "@copr/copr-dev has no repository of constructor; there are: fedora-43, epel-9"],
    [
      { releases: ["rhel-9", "epel-9"], architecture: "s390x" },
      "@copr/copr-dev has no repository of rhel-9 or epel-9 for s390x; there are: fedora-43 (x86_64, aarch64), epel-9 (x86_64)",
    ],
    [{ dirname: "copr-dev:pr:8" }, "There is no directory 'copr-dev:pr:8' in @copr/copr-dev; there are: copr-dev, copr-dev:pr:7"],
  ])("%j is told", (change, message) => {
    expect(() => repoFile(answer(), { ...request, ...change })).toThrow(new CoprError(message));
  });

  test("of a project without any release", () => {
    const empty = { ...answer(), repos: {} };
    expect(() => repoFile(empty, request)).toThrow("no repository of fedora-43 for x86_64; it has no releases yet");
  });
});

describe("a server that means ill", () => {
  const copr = (owner: string, projectname: string) => ({ type: "copr" as const, data: { owner, projectname } });
  const external = (pattern: string) => ({ type: "external_baseurl" as const, data: { pattern } });
  const dependency = (opts: object, rest: object): Partial<RpmRepo> => ({ dependencies: [{ opts, ...rest } as never] });
  const named = { id: "coprdep:x", name: "x" };
  const arch = (settings: object): Partial<RpmRepo> => ({ repos: { "fedora-43": { arch: { x86_64: settings as never } } } });

  test.each([
    ["a repository of the system", dependency({ id: "fedora", name: "x" }, external("https://example.org/"))],
    ["a section", dependency({ id: "coprdep:x]\n[updates", name: "x" }, external("https://example.org/"))],
    ["a path", dependency({ id: "coprdep:../../x", name: "x" }, external("https://example.org/"))],
    ["a line in an address", dependency(named, external("https://example.org/\ngpgcheck=0"))],
    ["a second address", dependency(named, external("https://example.org/ https://evil.example.org/"))],
    ["a list of addresses", dependency(named, external("https://example.org/,https://evil.example.org/"))],
    ["a file", dependency(named, external("file:///etc/"))],
    ["an owner with a path", dependency(named, copr("../evil", "x"))],
    ["a project with a line", dependency(named, copr("bob", "x\nenabled=0"))],
    ["no owner", dependency(named, { type: "copr", data: {} })],
    ["an unknown kind", dependency(named, { type: "local", data: {} })],
    ["an address of results", { results_url: "https://example.org/\n[evil]" }],
    ["an address of a key", { pubkey_url: "file:///etc/passwd" }],
    ["a priority", arch({ opts: { priority: "1\nincludepkgs=x" } })],
    ["a cost", arch({ opts: { cost: "-1" } })],
    ["an architecture", arch({ opts: {}, multilib: { "../../x": { opts: {} } } })],
  ] as const)("%s is refused", (_, change) => {
    expect(() => repoFile({ ...answer(), ...(change as Partial<RpmRepo>) }, request)).toThrow(ResponseError);
  });

  test("names stay on their line, and the project's own section is the first of its id", () => {
    const id = "copr:copr.fedorainfracloud.org:group_copr:copr-dev";
    const hostile = dependency(
      { id: "coprdep:x", name: "x\r\n[updates]\u2028\u0085gpgcheck=0\u001b[2J" },
      external("https://example.org/"),
    );
    const twice = dependency({ id, name: "x" }, external("https://evil.example.org/"));
    const dependencies = [...(hostile.dependencies ?? []), ...(twice.dependencies ?? [])];
    const { text } = repoFile({ ...answer(), dependencies }, request);
    expect(text.match(/^\[.*\]$/gm)).toEqual([`[${id}]`, `[${id}:ml]`, "[coprdep:x]"]);
    expect(text).toContain("\nname=x [updates] gpgcheck=0 [2J\n");
    expect(text).not.toContain("evil");
  });

  test("an owner that makes a path is no file name", () => {
    expect(() => repoFile(answer(), { ...request, ownername: "../../x" })).toThrow(ResponseError);
  });
});
