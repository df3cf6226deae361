import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProjectChrootBuildConfig, Repository } from "../../../src/core/api/types.ts";
import { CoprError } from "../../../src/core/errors.ts";
import { type BuilderProfile, builderMockProfile } from "../../../src/core/mock/builder-profile.ts";
import { projectMockProfile } from "../../../src/core/mock/developer-profile.ts";
import { askPython } from "../../support/python.ts";

/** What a profile is made of, told by Python: only constants may be set, and only the dnf.conf text may be added to. */
interface Contents {
  includes: string[];
  settings: Record<string, unknown>;
  /** Sections of the text added to dnf.conf. */
  repositories: Record<string, Record<string, string>>;
}

const READ_PROFILES = `
import ast, configparser
def path_of(node):
    if isinstance(node, ast.Name):
        assert node.id == "config_opts", node.id
        return []
    assert isinstance(node, ast.Subscript), ast.dump(node)
    return path_of(node.value) + [ast.literal_eval(node.slice)]
def read(text):
    found = {"includes": [], "settings": {}, "repositories": {}}
    dnf = ""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign):
            found["settings"]["/".join(path_of(node.targets[0]))] = ast.literal_eval(node.value)
        elif isinstance(node, ast.AugAssign):
            assert path_of(node.target) == ["dnf.conf"]
            dnf += ast.literal_eval(node.value)
        else:
            call = node.value
            arguments = [ast.literal_eval(one) for one in call.args]
            if isinstance(call.func, ast.Name):
                assert call.func.id == "include"
                found["includes"] += arguments
            else:
                assert call.func.attr == "setdefault", ast.dump(node)
                assert arguments[1] == {} and (path_of(call.func.value) + [arguments[0]])[0] == "plugin_conf"
    parser = configparser.RawConfigParser(default_section="no section is the default")
    parser.read_string(dnf)
    found["repositories"] = {name: dict(parser[name]) for name in parser.sections()}
    return found
answer = [read(text) for text in given]
`;

/** Values that try to leave their place: the literal, the line, the section. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", '"""', "\\", "\n", "\r", "\u0000", "\u2028", "{{ 1 }}", "{%", "{#", "{", "';import os;'", '""";open("x");"""'),
      fc.constantFrom("[evil]", "]", "=", "baseurl=http://evil/", "#", "é", "\ud800", "%(x)s"),
      fc.string({ maxLength: 10 }),
      fc.constantFrom("http://example.com/", "name", "$basearch"),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""));

const repository: fc.Arbitrary<Repository> = fc.record(
  {
    id: fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/), hostile),
    name: hostile,
    baseurl: hostile.map((text) => `http://example.com/${text}`),
    priority: fc.option(fc.integer({ min: 1, max: 99 })),
    module_hotfixes: fc.option(fc.boolean()),
    repo_gpgcheck: fc.option(fc.boolean()),
  },
  { requiredKeys: ["id", "name", "baseurl"] },
);
const repositories = fc.uniqueArray(repository, { maxLength: 2, selector: ({ id }) => id });

const builderProfile: fc.Arbitrary<BuilderProfile> = fc.record({
  chroot: fc.constant("fedora-43-x86_64"),
  buildrootPackages: fc.array(hostile, { maxLength: 2 }),
  hasNetwork: fc.boolean(),
  isolation: fc.option(hostile),
  macros: fc.uniqueArray(fc.tuple(hostile, hostile), { maxLength: 2, selector: ([name]) => name }),
  bootstrap: fc.constantFrom(undefined, "on", "off", "image", "custom_image", "default"),
  bootstrapImage: fc.option(hostile, { nil: undefined }),
  modules: fc.array(fc.tuple(fc.constantFrom("enable", "disable"), hostile), { maxLength: 2 }),
  repositories,
});

const projectConfig: fc.Arbitrary<ProjectChrootBuildConfig> = fc.record({
  chroot: fc.constant("fedora-43-x86_64"),
  repos: repositories,
  additional_repos: fc.constant([]),
  additional_packages: fc.array(hostile, { maxLength: 2 }),
  additional_modules: fc.constant([]),
  with_opts: fc.constant([]),
  without_opts: fc.constant([]),
  enable_net: fc.boolean(),
  isolation: fc.option(hostile),
  bootstrap: fc.constantFrom(null, "on", "custom_image"),
  bootstrap_image: fc.option(hostile, { nil: null }),
});

/** The text, or undefined when it was refused as it should be. */
function orRefused(make: () => string): string | undefined {
  try {
    const text = make();
    expect(make()).toBe(text);
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text).not.toMatch(/\{[{%#]/);
    return text;
  } catch (error) {
    expect(error).toBeInstanceOf(CoprError);
    return undefined;
  }
}

/** Repositories as an INI reader finds them. */
function readable(repos: readonly Repository[]) {
  return Object.fromEntries(repos.map(({ id, baseurl }) => [id, baseurl.trim()]));
}

function readableOf({ repositories: found }: Contents) {
  return Object.fromEntries(Object.entries(found).map(([id, keys]) => [id, keys["baseurl"]]));
}

test("Python finds nothing but our values in a builder's profile, whatever they are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(builderProfile, { minLength: 150, maxLength: 300 }), async (profiles) => {
      const made = profiles.map((profile) => ({ profile, text: orRefused(() => builderMockProfile(profile)) }));
      const accepted = made.filter(({ text }) => text !== undefined);
      expect(accepted.length).toBeGreaterThan(5);
      const read = await askPython<Contents[]>(
        READ_PROFILES,
        accepted.map(({ text }) => text),
      );
      for (const [index, { profile }] of accepted.entries()) {
        const contents = read[index] as Contents;
        expect(contents.includes).toEqual(["/etc/mock/fedora-43-x86_64.cfg"]);
        expect(readableOf(contents)).toEqual(readable(profile.repositories));
        for (const [name, value] of profile.macros) expect(contents.settings[`macros/${name}`]).toBe(value);
        expect(contents.settings["rpmbuild_networking"]).toBe(profile.hasNetwork);
        if (profile.buildrootPackages.length > 0) {
          expect(contents.settings["chroot_additional_packages"]).toBe(profile.buildrootPackages.join(" "));
        }
        if (profile.modules.length > 0) expect(contents.settings["module_setup_commands"]).toEqual(profile.modules);
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
});

test("Python finds nothing but our values in a project's profile, whatever they are", async () => {
  const place = { ownername: "@group", projectname: "prj", chroot: "fedora-43-x86_64" };
  await fc.assert(
    fc.asyncProperty(fc.array(projectConfig, { minLength: 150, maxLength: 300 }), async (configs) => {
      const made = configs.map((config) => ({ config, text: orRefused(() => projectMockProfile(config, place)) }));
      const accepted = made.filter(({ text }) => text !== undefined);
      const read = await askPython<Contents[]>(
        READ_PROFILES,
        accepted.map(({ text }) => text),
      );
      for (const [index, { config }] of accepted.entries()) {
        const { includes, settings } = read[index] as Contents;
        expect(includes).toEqual(["/etc/mock/fedora-43-x86_64.cfg"]);
        expect(settings["root"]).toBe("group_group-prj_fedora-43-x86_64");
        expect(readableOf(read[index] as Contents)).toEqual(readable(config.repos));
        expect(settings["chroot_additional_packages"] ?? "").toBe(config.additional_packages.join(" "));
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
});

const plain: BuilderProfile = {
  chroot: "fedora-43-x86_64",
  buildrootPackages: [],
  hasNetwork: false,
  isolation: null,
  macros: [],
  bootstrap: undefined,
  bootstrapImage: undefined,
  modules: [],
  repositories: [],
};
const plainRepository: Repository = { id: "copr_base", name: "Copr repository", baseurl: "http://example.com/r/" };

test.each<[string, Partial<BuilderProfile>]>([
  ["a template in a package", { buildrootPackages: ["{{ 7 * 7 }}"] }],
  ["a template statement in an address", { repositories: [{ ...plainRepository, baseurl: "http://h/{%x%}" }] }],
  ["a template comment in a repository's name", { repositories: [{ ...plainRepository, name: "{# x #}" }] }],
  ["a template in a macro", { macros: [["%vendor", "{{x}}"]] }],
  ["a template in the name of a macro", { macros: [["%{{x}}", "y"]] }],
  ["a template in a module", { modules: [["enable", "{{x}}"]] }],
  ["a template in an image", { bootstrap: "custom_image", bootstrapImage: "{{x}}" }],
  ["a chroot elsewhere", { chroot: "../../tmp/evil" }],
  ["a chroot with a quote", { chroot: "x'" }],
  ["a line end in an address", { repositories: [{ ...plainRepository, baseurl: "http://h/\n[evil]" }] }],
  ["a line end in a name", { repositories: [{ ...plainRepository, name: "x\ngpgcheck=0" }] }],
  ["a bracket in an id", { repositories: [{ ...plainRepository, id: "x]\n[y" }] }],
  ["an empty id", { repositories: [{ ...plainRepository, id: "" }] }],
  ["dnf's own section as an id", { repositories: [{ ...plainRepository, id: "main" }] }],
])("%s is refused", (_, values) => {
  expect(() => builderMockProfile({ ...plain, ...values })).toThrow(CoprError);
});

test("the smallest profile of a builder", () => {
  expect(builderMockProfile(plain)).toBe(`include('/etc/mock/fedora-43-x86_64.cfg')

config_opts.setdefault('plugin_conf', {})
config_opts['plugin_conf'].setdefault('tmpfs_opts', {})
config_opts['plugin_conf']['tmpfs_opts']['keep_mounted'] = True
config_opts['print_main_output'] = True

config_opts['rpmbuild_networking'] = False
config_opts['use_host_resolv'] = False
`);
});

test("everything a task can ask for, in the builder's order", () => {
  const profile: BuilderProfile = {
    chroot: "fedora-42-x86_64",
    snippet: "config_opts['package_manager_max_attempts'] = 5\n",
    buildrootPackages: ["gcc", "it's"],
    hasNetwork: true,
    isolation: "nspawn",
    macros: [
      ["%copr_username", "@group"],
      ["%buildtag", ".copr4"],
    ],
    bootstrap: "custom_image",
    bootstrapImage: "registry.fedoraproject.org/fedora:42",
    modules: [
      ["enable", "nodejs:18"],
      ["disable", "perl:5"],
    ],
    repositories: [
      { ...plainRepository, priority: null, repo_gpgcheck: false },
      { id: "second", name: 'with "quotes"', baseurl: 'http://example.com/"""', priority: 5, module_hotfixes: true, repo_gpgcheck: true },
    ],
  };
  expect(builderMockProfile(profile)).toBe(`include('/etc/mock/fedora-42-x86_64.cfg')

config_opts.setdefault('plugin_conf', {})
config_opts['plugin_conf'].setdefault('tmpfs_opts', {})
config_opts['plugin_conf']['tmpfs_opts']['keep_mounted'] = True
config_opts['print_main_output'] = True

# Configuration of this builder for the task's tags
config_opts['package_manager_max_attempts'] = 5

config_opts['chroot_additional_packages'] = 'gcc it\\'s'
config_opts['rpmbuild_networking'] = True
config_opts['use_host_resolv'] = True
config_opts['isolation'] = 'nspawn'
config_opts['macros']['%copr_username'] = '@group'
config_opts['macros']['%buildtag'] = '.copr4'
config_opts['use_bootstrap'] = True
config_opts['use_bootstrap_image'] = True
config_opts['bootstrap_image'] = 'registry.fedoraproject.org/fedora:42'
config_opts['module_setup_commands'] = [('enable', 'nodejs:18'), ('disable', 'perl:5')]

config_opts["dnf.conf"] += """

[copr_base]
name='Copr repository'
baseurl=http://example.com/r/
gpgcheck=0
repo_gpgcheck=0
enabled=1
skip_if_unavailable=0
metadata_expire=0
cost=1
best=1

[second]
name='with "quotes"'
baseurl=http://example.com/\\"\\""
gpgcheck=0
repo_gpgcheck=1
enabled=1
skip_if_unavailable=0
metadata_expire=0
cost=1
best=1
priority=5
module_hotfixes=True
"""
`);
});

test.each([
  [undefined, []],
  ["default", []],
  ["on", ["use_bootstrap'] = True", "use_bootstrap_image'] = False"]],
  ["off", ["use_bootstrap'] = False", "use_bootstrap_image'] = False"]],
  ["image", ["use_bootstrap'] = True", "use_bootstrap_image'] = True"]],
])("bootstrap %s", (bootstrap, expected) => {
  const lines = builderMockProfile({ ...plain, bootstrap }).split("\n");
  expect(lines.filter((line) => line.includes("bootstrap"))).toEqual(expected.map((line) => `config_opts['${line}`));
});
