import fc from "fast-check";
import type {
  ProjectFile,
  ProjectFileChroot,
  ProjectFilePackage,
  ProjectFileSettings,
} from "../../../src/core/project-file/project-file.ts";

/** Chroots of the sandbox that random projects are made in. */
export const chrootNames = [
  "fedora-43-x86_64",
  "fedora-43-aarch64",
  "fedora-rawhide-x86_64",
  "epel-10-x86_64",
  "centos-stream+epel-next-9-x86_64",
];
/** Its users beside the owner. */
export const users = ["bob", "carol", "1234", "null"];

/** What YAML takes for something else, or has a use of its own for. */
const oddWords = [
  "1.10",
  "yes",
  "0x1",
  "null",
  "~",
  "true",
  "2026-01-01",
  "1e3",
  "-",
  "---",
  "...",
  "<<",
  "=",
  ".inf",
  "0o7",
  "n",
  "on",
  "#x",
  "a:b",
  "&a",
  "*a",
  "!x",
  "%x",
];
const oddTexts = [
  "",
  " ",
  "\n",
  "  \n",
  "a\r\nb\r\n",
  "trailing blank \nand more\t\n\n\n",
  "---\nlooks: like\n...\n",
  "  leading\n blanks",
  "\ttab",
  "long enough to be folded over several lines\n \n\u0007 \n",
  "ends with colon:",
  "- item\n- item",
  "{[\"'`@",
  "\u0007\u001b[31m\u0085\u2028\ufeff",
  "größe 😀 漢字",
  "x".repeat(5000),
  "word ".repeat(800),
  ...oddWords,
];

const hasNoNul = (text: string): boolean => !text.includes("\0") && !/\p{Cs}/u.test(text);
const text = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: "grapheme", maxLength: 60 }).filter(hasNoNul),
  fc.array(fc.string({ unit: "binary-ascii", maxLength: 20 }).filter(hasNoNul), { maxLength: 8 }).map((lines) => lines.join("\n")),
);
const word = fc.oneof(fc.constantFrom(...oddWords), fc.stringMatching(/^[a-z0-9][a-z0-9.+_-]{0,11}$/));
const words = (most = 4): fc.Arbitrary<string[]> => fc.array(word, { maxLength: most });
const line = fc.oneof(word, fc.constantFrom("", " padded ", "two words", "größe", "v1.0"));
const page = fc.stringMatching(/^https?:\/\/[a-z]{1,8}\.example\.org\/[a-z0-9/]{0,9}$/);
const repos = fc.array(fc.oneof(page, fc.constant("copr://demo/base"), fc.constant("https://x.example.org/$chroot?priority=9")), {
  maxLength: 3,
});

const settings: fc.Arbitrary<ProjectFileSettings> = fc.record(
  {
    description: text,
    instructions: text,
    homepage: fc.oneof(page, fc.constant(null)),
    contact: fc.oneof(page, fc.constant("me@example.org"), fc.constant(null)),
    additional_repos: repos,
    unlisted_on_hp: fc.boolean(),
    enable_net: fc.boolean(),
    auto_prune: fc.constant(true),
    bootstrap: fc.constantFrom("default", "on", "off", "image"),
    isolation: fc.constantFrom("default", "nspawn", "simple"),
    devel_mode: fc.boolean(),
    module_hotfixes: fc.boolean(),
    appstream: fc.boolean(),
    follow_fedora_branching: fc.boolean(),
    repo_priority: fc.oneof(fc.integer({ min: 1, max: 999 }), fc.constant(null)),
    packit_forge_projects_allowed: fc.array(
      fc.constantFrom("github.com/a/b", "https://gitlab.com/x/y", "github.com/theproject/*", "http://codeberg.org/q?x=1"),
      { maxLength: 3 },
    ),
    runtime_dependencies: repos,
    multilib: fc.boolean(),
    fedora_review: fc.boolean(),
    delete_after_days: fc.integer({ min: -1, max: 720 }),
  },
  { requiredKeys: [] },
);

const modules = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom("nodejs", "!perl", "ruby", "1"), fc.constantFrom("20", "1.10", "rhel8"))
    .map(([name, stream]) => `${name}:${stream}`),
  { maxLength: 3, selector: (one) => one.split(":")[0] },
);
const chroot: fc.Arbitrary<ProjectFileChroot> = fc
  .record(
    {
      additional_repos: repos,
      additional_packages: words(),
      additional_modules: modules,
      with_opts: words(2),
      without_opts: words(2),
      isolation: fc.constantFrom("unchanged", "default", "nspawn", "simple"),
      bootstrap: fc.constantFrom("unchanged", "default", "on", "off", "image", "custom_image"),
      bootstrap_image: fc.constantFrom("fedora:43", "registry.example.org/x/y:1.0", null),
      comps: fc.constantFrom("comps.xml", "other.xml", null),
    },
    { requiredKeys: [] },
  )
  // The frontend wants an image where one is to be used.
  .map((one) => (one.bootstrap === "custom_image" ? { ...one, bootstrap_image: one.bootstrap_image ?? "fedora:43" } : one));

const source = fc.oneof(
  fc.record(
    {
      type: fc.constant("scm" as const),
      clone_url: page,
      scm_type: fc.constantFrom("git", "svn"),
      committish: line,
      subdirectory: line,
      spec: fc.constantFrom("", "a.spec", "dir/x.spec"),
      source_build_method: fc.constantFrom("rpkg", "tito", "tito_test", "make_srpm"),
    },
    { requiredKeys: ["type", "clone_url"] },
  ),
  fc.record(
    {
      type: fc.constant("distgit" as const),
      distgit: fc.constant("fedora"),
      namespace: fc.constantFrom("", "forks/me", "a//b/", "./x"),
      committish: line,
    },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constant("pypi" as const),
      pypi_package_name: fc.constantFrom("requests", "2to3", "1.10"),
      pypi_package_version: fc.constantFrom("", "1.10", "2.0"),
      spec_generator: fc.constantFrom("pyp2rpm", "pyp2spec"),
      spec_template: fc.constantFrom("", "fedora", "epel7", "mageia", "pld"),
      python_versions: fc.constantFrom<("2" | "3")[]>(["3"], ["2"], ["3", "2"]),
    },
    { requiredKeys: ["type", "pypi_package_name"] },
  ),
  fc.record({ type: fc.constant("rubygems" as const), gem_name: fc.constantFrom("rails", "1.10") }),
  fc.record(
    {
      type: fc.constant("custom" as const),
      script: fc.oneof(
        text.filter((one) => one.trim() !== "" && one.length < 4000),
        fc.constantFrom("#!/bin/sh\r\ntrue\r\n", "#!/bin/sh\ntrue"),
      ),
      chroot: fc.constantFrom("fedora-latest-x86_64", "fedora-43-x86_64"),
      builddeps: fc.constantFrom("", "git", "git >= 2  curl"),
      resultdir: fc.constantFrom("", "out"),
      repos,
    },
    { requiredKeys: ["type", "script"] },
  ),
  fc.constant({ type: "unset" as const }),
);

const package_: fc.Arbitrary<ProjectFilePackage | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 20,
    arbitrary: fc.record(
      {
        source,
        webhook_rebuild: fc.boolean(),
        max_builds: fc.integer({ min: 0, max: 100 }),
        timeout: fc.integer({ min: 0, max: 100_000 }),
        chroot_denylist: fc.constantFrom<string[]>([], ["epel-*"], ["fedora-43-x86_64", "epel-10-x86_64"]),
      },
      { requiredKeys: [] },
    ),
  },
);

const roles = fc.record(
  { builder: fc.constantFrom("nothing", "request", "approved"), admin: fc.constantFrom("nothing", "request", "approved") },
  { requiredKeys: [] },
);
const packageName = fc.oneof(
  fc.constantFrom("1.10", "0x1", "null", "yes", "7zip", "python3.11", "constructor", "__proto__"),
  fc.stringMatching(/^[a-zA-Z0-9+_-][a-zA-Z0-9+_.-]{0,11}$/),
);

/** A project with whatever a file can say, named `demo/name`. */
export function randomProject(name: string, mostPackages: number): fc.Arbitrary<ProjectFile> {
  return fc.record({
    project: fc.constant(`demo/${name}`),
    settings,
    chroots: fc
      .uniqueArray(
        fc.tuple(fc.constantFrom(...chrootNames), fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: chroot })),
        {
          minLength: 1,
          selector: ([one]) => one,
        },
      )
      .map((entries) => Object.fromEntries(entries)),
    packages: fc
      .uniqueArray(fc.tuple(packageName, package_), { maxLength: mostPackages, selector: ([one]) => one, size: "max" })
      .map((entries) => Object.fromEntries(entries)),
    permissions: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...users), roles), { selector: ([one]) => one })
      .map((entries) => Object.fromEntries(entries)),
  });
}
