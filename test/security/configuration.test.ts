import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProjectChrootBuildConfig, Repository } from "../../src/core/api/types.ts";
import { InvalidTaskError, parseBuildTask } from "../../src/core/task/build-task.ts";
import { CoprError } from "../../src/core/errors.ts";
import { type BuilderProfile, builderMockProfile } from "../../src/core/mock/builder-profile.ts";
import { projectMockProfile } from "../../src/core/mock/developer-profile.ts";
import { sourceMockProfile } from "../../src/core/mock/source-profile.ts";
import { pythonLiteral } from "../../src/core/mock/python-literal.ts";
import { customScriptCommands } from "../../src/builder/sources/custom-script.ts";
import { macrosOf, rpmmacrosText } from "../../src/builder/task/macros.ts";
import { readShellWord, shellWord } from "../../src/builder/sources/shell-words.ts";
import { rpmTask, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { loadMockConfig, pythonWithJinja } from "../support/mock-loading.ts";
import { output, runProgram } from "../support/program.ts";
import { askPython } from "../support/python.ts";
import { runCli } from "../support/run-cli.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { sendJson, webServer } from "../support/web-server.ts";

const rpmbuild = fileURLToPath(new URL("../../bin/copr-rpmbuild.js", import.meta.url));
const python = await pythonWithJinja();
const load = async (text: string, chroots?: Record<string, string>) =>
  loadMockConfig(python as string, await temporaryDirectory(), text, chroots);

const code = "open('PWNED', 'w')";
const template = '{{ cycler.__init__.__globals__.os.system("touch PWNED") }}';
const packagePayload = `x';${code};y='`;
const addressPayload = `http://h/""";${code.replaceAll("'", '"')};x="""`;

const repository: Repository = { id: "copr_base", name: "Copr", baseurl: "http://h/", priority: null, module_hotfixes: null };
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

/** What a template that puts text between quotes makes of a profile: the control of these tests. */
function naiveProfile({ chroot, buildrootPackages, isolation, macros, bootstrapImage, repositories }: BuilderProfile): string {
  const sections = repositories.map(({ id, name, baseurl }) => `[${id}]\nname='${name}'\nbaseurl=${baseurl}\n`);
  return [
    `include('/etc/mock/${chroot}.cfg')`,
    `config_opts['chroot_additional_packages'] = '${buildrootPackages.join(" ")}'`,
    `config_opts['isolation'] = '${isolation}'`,
    `config_opts['bootstrap_image'] = '${bootstrapImage}'`,
    ...macros.map(([name, value]) => `config_opts['macros']['${name}'] = '${value}'`),
    `config_opts['dnf.conf'] += """\n${sections.join("\n")}"""\n`,
  ].join("\n");
}

/** Values that leave the quotes, by row, and where our profile has them afterwards. */
const leavingQuotes: [name: string, profile: Partial<BuilderProfile>, expected: Record<string, unknown>][] = [
  ["C1: a package", { buildrootPackages: [packagePayload] }, { chroot_additional_packages: packagePayload }],
  [
    "C2: a repository's address",
    { repositories: [{ ...repository, baseurl: addressPayload }] },
    { "dnf.conf": expect.stringContaining(`baseurl=${addressPayload}\n`) },
  ],
  ["C4: the isolation", { isolation: packagePayload }, { isolation: packagePayload }],
  ["C4: the image", { bootstrap: "custom_image", bootstrapImage: packagePayload }, { bootstrap_image: packagePayload }],
  ["C4: a macro", { macros: [["%x", packagePayload]] }, { macros: { "%x": packagePayload } }],
];

describe.skipIf(python === undefined)("Python loads the builder's configuration (needs Jinja for Python)", () => {
  test.each(leavingQuotes)("%s is a value", async (_name, values, expected) => {
    const profile = { ...plain, ...values };
    expect((await load(naiveProfile(profile))).isPwned).toBe(true);
    const ours = await load(builderMockProfile(profile));
    expect(ours).toMatchObject({ isPwned: false, stderr: "", values: expected });
  });

  test("C4: the chroot can't be Python", async () => {
    const chroot = `x.cfg');${code};include('/etc/mock/x`;
    expect((await load(naiveProfile({ ...plain, chroot }), { x: "" })).isPwned).toBe(true);
    expect(() => builderMockProfile({ ...plain, chroot })).toThrow("is not the name of a chroot");
    expect(() => projectMockProfile(config(), { ownername: "a", projectname: "b", chroot })).toThrow("is not the name of a chroot");
  });

  test.each<[string, Partial<BuilderProfile>]>([
    ["package", { buildrootPackages: [template] }],
    ["address", { repositories: [{ ...repository, baseurl: `http://h/${template}` }] }],
    ["name of a repository", { repositories: [{ ...repository, name: template }] }],
    ["macro", { macros: [["%copr_username", template]] }],
    ["isolation", { isolation: template }],
    ["image", { bootstrap: "custom_image", bootstrapImage: template }],
  ])("C32: a template in a %s is refused", async (_name, values) => {
    const profile = { ...plain, ...values };
    expect((await load(naiveProfile(profile))).isPwned).toBe(true);
    expect(() => builderMockProfile(profile)).toThrow("Refusing a value with a template in it");
  });

  test("C32: a template of several values is refused", () => {
    // Each is harmless for itself: what is joined makes the template.
    expect(() => builderMockProfile({ ...plain, buildrootPackages: ["{", "{x}}"] })).not.toThrow();
    const repositories = [{ ...repository, name: "{", baseurl: "{% raw %}" }];
    expect(() => builderMockProfile({ ...plain, repositories })).toThrow(CoprError);
  });

  test("C1, C2, C4, C32: whatever the values, Python loads them as they are or they were refused", async () => {
    const text = fc
      .array(
        fc.constantFrom("'", '"', '"""', "\\", "{", "{{", "}}", "{%", "#}", "{#", "%", "a", " ", code, "\n", "\u2028", "é", "\ud800"),
        {
          maxLength: 6,
        },
      )
      .map((parts) => parts.join(""));
    const samples = fc.sample(fc.record({ buildrootPackages: fc.array(text, { maxLength: 2 }), isolation: text, macro: text }), 60);
    const accepted = samples.flatMap(({ buildrootPackages, isolation, macro }) => {
      const profile: BuilderProfile = { ...plain, buildrootPackages, isolation, macros: [["%m", macro]] };
      try {
        return [{ profile, config: builderMockProfile(profile) }];
      } catch (error) {
        expect(error).toBeInstanceOf(CoprError);
        return [];
      }
    });
    expect(accepted.length).toBeGreaterThan(5);
    // One start of Python for all: each configuration follows the one before, and takes its values away.
    const reads = accepted.map(
      ({ config }, index) =>
        `${config.replace(/^include.*$/m, "")}\nconfig_opts['all${index}'] = [config_opts.pop(k, None) for k in (${KEYS})]`,
    );
    const { values, isPwned, stderr } = await load(`${reads.join("\n")}\n`);
    expect([isPwned, stderr]).toEqual([false, ""]);
    for (const [index, { profile }] of accepted.entries()) {
      const [packages, isolation] = (values ?? {})[`all${index}`] as (string | null)[];
      expect(packages ?? "").toBe(profile.buildrootPackages.join(" "));
      expect(isolation ?? "").toBe(profile.isolation === "default" ? "" : profile.isolation);
    }
  });

  test("C3: what copr-cli mock-config prints for a stranger's project is data", async () => {
    const hostile = {
      ...config(),
      additional_packages: [packagePayload],
      repos: [{ ...repository, baseurl: addressPayload, name: `x" ${code}` }],
      isolation: "default",
    };
    const server = await webServer((response) => sendJson(response, hostile));
    const command = () =>
      runCli({ argv: ["mock-config", "bob/prj", "fedora-43-x86_64"], config: `[copr-cli]\ncopr_url = ${server.url}\nencrypted = no\n` });
    const { exit, stdout, stderr } = await command();
    expect([exit, stderr]).toEqual([0, ""]);
    expect(await load(naiveProfile({ ...plain, buildrootPackages: [packagePayload] }))).toMatchObject({ isPwned: true });
    const { values, isPwned } = await load(stdout);
    expect(isPwned).toBe(false);
    expect(values).toMatchObject({ chroot_additional_packages: packagePayload, root: "bob-prj_fedora-43-x86_64" });
    expect(values?.["dnf.conf"]).toContain(`baseurl=${addressPayload}\n`);

    for (const values of [{ additional_packages: [template] }, { repos: [{ ...repository, name: "a\n[main]\nx=y" }] }]) {
      Object.assign(hostile, { additional_packages: [], repos: [] }, values);
      const refused = await command();
      expect([refused.exit, refused.stdout]).toEqual([3, ""]);
      expect(refused.stderr).toMatch(/^\nError: Refusing [^\n]*\n$/);
    }
  });

  test("the configurations that we do write load", async () => {
    const macros: BuilderProfile["macros"] = [["%vendor", "Copr - user it's"]];
    const full = await load(
      builderMockProfile({ ...plain, macros, buildrootPackages: ["gcc", "pkgconfig(x)"], repositories: [repository] }),
    );
    expect(full).toMatchObject({
      stderr: "",
      values: { chroot_additional_packages: "gcc pkgconfig(x)", macros: { "%vendor": macros[0]?.[1] } },
    });
    expect(await load(sourceMockProfile(macros), { default: "" })).toMatchObject({ stderr: "", values: { root: "make-srpm-method" } });
  });
});

const KEYS = "'chroot_additional_packages', 'isolation'";

function config(): ProjectChrootBuildConfig {
  return {
    chroot: "fedora-43-x86_64",
    repos: [],
    additional_repos: [],
    additional_packages: [],
    additional_modules: [],
    with_opts: [],
    without_opts: [],
    enable_net: false,
    isolation: null,
  };
}

const good = rpmTask({ url: "https://h/x.git", hash: "a" });
const refuse = (values: object, message: RegExp, base: object = good): void => {
  const parse = () => parseBuildTask(JSON.stringify({ ...base, ...values }));
  expect(parse).toThrow(InvalidTaskError);
  expect(parse).toThrow(message);
};
const refuseSource = (type: number, source: object, message: RegExp): void =>
  refuse({ source_type: type, source_json: source }, message, srpmTask(""));

describe("the builder's definition of a build", () => {
  test("is fine without attacks", () => {
    expect(() => parseBuildTask(JSON.stringify(good))).not.toThrow();
  });

  test("C1, C32: no package with quotes, blanks or templates", () => {
    for (const one of [packagePayload, "a b", "a\u0000", template, "{%x", "{#x"])
      refuse({ buildroot_pkgs: ["gcc", one] }, /buildroot_pkgs\.1 /);
  });

  test("C2, C5: no address or name of a repository with quotes or line ends", () => {
    for (const baseurl of [addressPayload, "http://h/'", "http://h/\n[x]", "http://h/\r", "http://h/\u0085", "file:///etc/"])
      refuse({ repos: [{ ...repository, baseurl }] }, /repos\.0\.baseurl /);
    for (const name of ["x\n[main]", "x\u2028y", "x\u202ey", "x\ud800", "x\u0000"])
      refuse({ repos: [{ ...repository, name }] }, /repos\.0\.name /);
    for (const id of ["x]", "[x", "a\nb", "a b"]) refuse({ repos: [{ ...repository, id }] }, /repos\.0\.id /);
  });

  test("C4: no chroot, isolation or image of an unknown form, nor one with a line end", async () => {
    // Python's `$` lets a last line end through: the pattern that upstream's frontend checks names with.
    expect(await askPython("import re\nanswer = bool(re.match(r'^[\\w.-]+$', given))", "fedora-43-x86_64\n")).toBe(true);
    for (const chroot of ["fedora-43-x86_64\n", "a/b", "..", "", "-r", "a';b"]) refuse({ chroot }, /chroot is not the name of a chroot/);
    refuse({ isolation: packagePayload }, /isolation /);
    refuse({ bootstrap: packagePayload }, /bootstrap /);
    for (const image of ["a\n", "a b", "-v", "a';b", "{{x}}"]) refuse({ bootstrap_image: image }, /bootstrap_image /);
  });

  test("C16: no option among the packages of a buildroot or of a script", async () => {
    // mock reads its command line with a parser that finds options anywhere.
    const script =
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('--config-opts')\nanswer = p.parse_known_args(given)[0].config_opts";
    expect(await askPython(script, ["install", "gcc", "--config-opts=x"])).toBe("x");
    for (const option of ["--config-opts=x", "-r/tmp/x", "-"]) {
      refuse({ buildroot_pkgs: ["gcc", option] }, /buildroot_pkgs\.1 /);
      refuseSource(9, { script: "x", chroot: "fedora-43-x86_64", builddeps: `gcc ${option}` }, /builddeps /);
      refuseSource(9, { script: "x", chroot: "fedora-43-x86_64", builddeps: ["gcc", option] }, /builddeps/);
    }
  });

  test("C17: no option for a build condition", () => {
    for (const one of ["-x", "--define=x", "a b", "a'b", "", "a\n"]) {
      refuse({ with_opts: [one] }, /with_opts\.0 /);
      refuse({ without_opts: [one] }, /without_opts\.0 /);
    }
  });

  test("C18: no option for the name of a Python package, a gem, or their versions", () => {
    for (const one of ["-x", "--help", "a b", "a;b", "../x", "a\n", "$(x)"]) {
      refuseSource(5, { pypi_package_name: one }, /pypi_package_name /);
      refuseSource(5, { pypi_package_name: "x", pypi_package_version: one }, /pypi_package_version /);
      refuseSource(5, { pypi_package_name: "x", spec_template: one }, /spec_template /);
      refuseSource(6, { gem_name: one }, /gem_name /);
    }
  });

  test("C10, C11, C12, C36: no option, other protocol or path for a repository, a committish or a chroot", () => {
    for (const one of ["--pathspec-from-file=/etc/passwd", "--orphan", "-b", "a b", "a\n"]) {
      refuse({ git_hash: one }, /git_hash /);
      refuseSource(8, { clone_url: "https://h/x", committish: one }, /committish /);
    }
    for (const one of ["--upload-pack=x", "ext::sh -c x", "file:///etc", "/etc", "fd::0", "ssh://-oProxyCommand=x/y", "https://"]) {
      refuse({ git_repo: one }, /git_repo /);
      refuseSource(8, { clone_url: one }, /clone_url /);
      refuseSource(10, { clone_url: one }, /clone_url /);
    }
    for (const one of ["../x", "a/../../b", "a/..", "--x"]) {
      refuseSource(8, { clone_url: "https://h/x", subdirectory: one }, /subdirectory /);
      refuseSource(8, { clone_url: "https://h/x", spec: one }, /spec /);
      refuseSource(9, { script: "x", chroot: "fedora-43-x86_64", resultdir: one }, /resultdir /);
    }
    for (const chroot of ["../../tmp/evil", "..", "a/b", ".hidden"]) refuseSource(9, { script: "x", chroot }, /chroot /);
  });
});

test("C5: a line end in a repository can't begin a section", async () => {
  const repositories = [{ ...repository, name: "x\n[evil]\nmetalink=http://evil/" }];
  const naive = naiveProfile({ ...plain, repositories }).split('"""')[1];
  expect(
    await askPython("import configparser\np = configparser.RawConfigParser()\np.read_string(given)\nanswer = p.sections()", naive),
  ).toEqual(["copr_base", "evil"]);
  expect(() => builderMockProfile({ ...plain, repositories })).toThrow("it holds control characters");
  for (const id of ["main", "x]\n[evil", "a[b", "", " main"])
    expect(() => builderMockProfile({ ...plain, repositories: [{ ...repository, id }] })).toThrow("Refusing the repository");
});

test("C6: a name is a value of a macro, never a macro", async () => {
  const directory = await temporaryDirectory();
  const evaluate = async (rpmmacros: string): Promise<string> => {
    await writeFile(join(directory, ".rpmmacros"), rpmmacros);
    const env = { HOME: directory, XDG_CONFIG_HOME: directory };
    return (await output(["rpm", "--eval", "%copr_username|%{?evil}"], { cwd: directory, env })).trim();
  };
  const touch = `%(touch ${directory}/PWNED; echo yes)`;
  expect(await evaluate(`%copr_username x\n%evil ${touch}\n`)).toBe("x|yes");
  await access(join(directory, "PWNED"));

  for (const owner of [`x\n%evil ${touch}`, touch, "x\\", "%{lua:x}", "{", "x\r"]) refuse({ project_owner: owner }, /project_owner /);
  const task = { ...parseBuildTask(JSON.stringify(good)), project_owner: `%(touch ${directory}/PWNED2)` };
  expect(await evaluate(rpmmacrosText(macrosOf(task, { vendorName: "", sourceProtocols: [] })))).toBe(`${task.project_owner}|`);
  await expect(access(join(directory, "PWNED2"))).rejects.toThrow("ENOENT");
});

describe("C14: what a shell of the chroot runs", () => {
  test("C14: any word is one word of it, as it is", async () => {
    const directory = await temporaryDirectory();
    const part = fc.constantFrom(
      "'",
      '"',
      "\\",
      "$(touch PWNED)",
      "`touch PWNED`",
      ";touch PWNED;",
      "\n",
      " ",
      "~",
      "*",
      "!",
      "#",
      "-",
      "é",
      "a",
      "$HOME",
      "&",
    );
    const words = fc.sample(
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join("")),
      300,
    );
    expect(await output(["sh", "-c", `printf '%s\\0' ${words.map(shellWord).join(" ")}`], { cwd: directory })).toBe(
      words.map((word) => `${word}\0`).join(""),
    );
    for (const word of words) expect(readShellWord(shellWord(word))).toBe(word);
    await expect(access(join(directory, "PWNED"))).rejects.toThrow("ENOENT");
    await runProgram(["sh", "-c", "cd x';touch PWNED;'y; cd x;touch PWNED;"], { cwd: directory });
    await access(join(directory, "PWNED"));
  });

  test("C14: the result directory and the project of a script are values", async () => {
    const directory = await temporaryDirectory();
    const hostile = "/srv/a';touch PWNED;'$(touch PWNED)";
    const commands = customScriptCommands({
      mock: ["mock"],
      script: "/s",
      packages: [],
      workDirectory: directory,
      resultDirectory: hostile,
      variables: [["COPR_OWNER", "`touch PWNED`"]],
    });
    const text = (commands.at(-1)?.at(-1) ?? "").replace(/ \/script$/, " env");
    const printed = await output(["sh", "-c", text], { cwd: directory });
    expect(printed).toContain(`COPR_RESULTDIR=${hostile}\n`);
    expect(printed).toContain("COPR_OWNER=`touch PWNED`\n");
    await expect(access(join(directory, "PWNED"))).rejects.toThrow("ENOENT");
  });
});

test("C15: a path in an option of mock is a value", async () => {
  const path = `/a'"));open("PWNED","w");(("`;
  const naive = `(("${path}", "/mnt"),)`;
  const read = "import ast\ntry:\n  answer = ast.literal_eval(given)\nexcept Exception as error:\n  answer = type(error).__name__";
  expect(await askPython(read, naive)).toMatch(/Error$/);
  expect(await askPython(read, pythonLiteral([{ tuple: [path, "/mnt"] }]))).toEqual([[path, "/mnt"]]);
});

test("C15, C36: paths in what mock is told are plain, whatever a definition says", async () => {
  const host = await startBuilderHost();
  try {
    const system = join(host.directory, "mock");
    await mkdir(system);
    await writeFile(join(system, "fedora-43-x86_64.cfg"), "");
    await writeFile(join(host.directory, "evil.cfg"), "");
    const ini = join(host.directory, "mock.ini");
    await writeFile(
      ini,
      `[main]\nstate_dir = ${host.stateDirectory}\nmock_config_directory = ${system}\nroot_caches = 0\nrules_file = ${system}/rules.yml\n`,
    );
    const dump = async (chroot: string, wanted = chroot) => {
      const file = join(host.directory, "dump.json");
      await writeFile(file, JSON.stringify(rpmTask({ url: "https://h/x.git", hash: "a" }, { chroot, task_id: `7-${chroot}` })));
      return runProgram([
        process.execPath,
        rpmbuild,
        "--config",
        ini,
        "--task-file",
        file,
        "-r",
        wanted,
        "--dump-configs",
        "--drop-resultdir",
      ]);
    };
    expect(await dump("fedora-43-x86_64")).toMatchObject({ exitCode: 0 });
    const child = await readFile(join(host.stateDirectory, "results", "configs", "child.cfg"), "utf8");
    expect(child.split("\n")[0]).toBe(`include('${system}/fedora-43-x86_64.cfg')`);
    const paths = child.match(/\/[^\s,)']*/g) ?? [];
    for (const path of paths) expect(path.replace(/\\$/, "")).toMatch(/^[\w/.+-]*$/);
    // Found by a path that leads out, as upstream would.
    await access(join(system, "../evil.cfg"));
    expect(await dump("fedora-43-x86_64", "../evil")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("chroot name") });
    expect(await dump("../evil", "fedora-43-x86_64")).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('chroot: "../evil"') });
  } finally {
    await host.close();
  }
});
