import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { repository } from "../../scripts/docs/generated-files.ts";
import { isInstalled } from "../docs/installed.ts";
import { makeRepository, rpmTask, specText } from "../support/builder-host.ts";
import { output, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import {
  buildPackages,
  buildUpstreamPackage,
  canInstall,
  filesOf,
  installPackages,
  isolation,
  type PackagedFile,
  type PackageName,
  packageNames,
  rpm,
} from "./packages.ts";

const programs = Object.keys(packageJson.bin);
const configuration = ["/etc/copr-rpmbuild/copr-rpmbuild.yml", "/etc/copr-rpmbuild/main.ini", "/etc/logrotate.d/copr-builder"];

let directory: string;
let packages: Record<PackageName, string>;
let files: Record<PackageName, PackagedFile[]>;

beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "copr-rpm-")));
  packages = await buildPackages(directory);
  const listed = await Promise.all(packageNames.map(async (name) => [name, await filesOf(packages[name])] as const));
  files = Object.fromEntries(listed) as typeof files;
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const pathsOf = (name: PackageName): string[] => files[name].map(({ path }) => path);

describe("the packages", () => {
  test("hold every program once, where upstream's packages have it", () => {
    const names = (name: PackageName): string[] => pathsOf(name).flatMap((path) => /^\/usr\/bin\/(.*)/.exec(path)?.[1] ?? []);
    expect(packageNames.flatMap(names).sort()).toEqual([...programs, "copr-update-builder"].sort());
    expect(names("copr-cli").sort()).toEqual(["copr", "copr-cli", "package-build-order"]);
    for (const name of names("copr-rpmbuild")) expect(name).toMatch(/^copr-(rpmbuild|sources)/);
    for (const name of names("copr-builder")) expect(name).toMatch(/^copr-(builder|update-builder)/);
  });

  test.skipIf(isolation.length === 0)("are made without a network (needs unshare)", async () => {
    const interfaces = await output([...isolation, "cat", "/proc/net/dev"]);
    expect([...interfaces.matchAll(/^ *(\S+):/gm)].map(([, name]) => name)).toEqual(["lo"]);
  });

  test("have the directories that members of the group mock write in", () => {
    const ofMock = packageNames.flatMap((name) => files[name]).filter(({ owner }) => owner !== "root:root");
    expect(ofMock.sort((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: "/run/copr-builder", kind: "directory", permissions: "775", owner: "root:mock", flags: "g" },
      ...["", "/results", "/workspace"].map((part) => ({
        path: `/var/lib/copr-rpmbuild${part}`,
        kind: "directory",
        permissions: "775",
        owner: "root:mock",
        flags: "",
      })),
      { path: "/var/log/copr-builder", kind: "directory", permissions: "775", owner: "root:mock", flags: "" },
    ]);
    expect(pathsOf("copr-builder")).toEqual(
      expect.arrayContaining([
        "/etc/copr-builder/hooks/cleanup",
        "/etc/copr-builder/hooks/complete.d",
        "/etc/copr-rpmbuild/mock-config-overrides",
      ]),
    );
    expect(pathsOf("copr-builder").filter((path) => path.endsWith("/hooks/mail"))).toHaveLength(1);
  });

  test("keep an administrator's changes to the configuration", () => {
    const kept = packageNames.flatMap((name) => files[name]).filter(({ flags }) => flags.includes("c"));
    expect(kept).toEqual(configuration.map((path) => ({ path, kind: "file", permissions: "644", owner: "root:root", flags: "cn" })));
  });

  test("have units, a user and directories for systemd, and start nothing", () => {
    const ofSystemd = pathsOf("copr-builder").filter((path) => /^\/usr\/lib\/(systemd|sysusers\.d|tmpfiles\.d)\//.test(path));
    expect(ofSystemd.map((path) => path.replace("/usr/lib/", "")).sort()).toEqual([
      ...["cleanup.service", "cleanup.timer", "rhsm-subscribe.service"].map((name) => `systemd/system/copr-builder-${name}`),
      "sysusers.d/copr-builder.conf",
      "tmpfiles.d/copr-builder.conf",
    ]);
  });

  test("let only programs be executed, and nobody but root write", () => {
    for (const { path, kind, permissions, owner } of packageNames.flatMap((name) => files[name])) {
      if (kind === "file") expect(permissions, path).toBe(/^\/usr\/bin\/|\/bin\/[\w-]+\.js$/.test(path) ? "755" : "644");
      if (kind === "directory" && owner === "root:root") expect(permissions, path).toBe("755");
    }
  });

  test("run nothing when they are installed or removed", async () => {
    for (const path of Object.values(packages)) expect(await rpm("-qp", "--scripts", "--triggers", path)).toBe("");
  });

  test("tell which libraries are bundled, under which licences, and bring their texts", async () => {
    const texts = await readFile(join(repository, "dist/THIRD-PARTY-LICENSES"), "utf8");
    const bundled = [...texts.matchAll(/^(\S+) (\d\S*) \((.*)\)$/gm)].map(([, name, version, license = ""]) => ({
      provides: `bundled(nodejs-${name}) = ${version}`,
      license,
    }));
    const licenses = ["GPL-2.0-or-later", ...new Set(bundled.map(({ license }) => license).sort())].join(" AND ");
    for (const name of ["copr-cli", "copr-rpmbuild"] as const) {
      const provides = (await rpm("-qp", "--provides", packages[name])).split("\n");
      expect(provides).toEqual(expect.arrayContaining(bundled.map(({ provides }) => provides)));
      expect(await rpm("-qp", "--qf", "%{LICENSE}", packages[name])).toBe(licenses);
      expect(files[name].filter(({ flags }) => flags.includes("l")).map(({ path }) => path.split("/").pop())).toEqual(
        expect.arrayContaining(["LICENSE", "THIRD-PARTY-LICENSES"]),
      );
    }
  });

  test("need Node.js as package.json says, and one another in the same version", async () => {
    const requires = async (name: PackageName): Promise<string[]> => (await rpm("-qp", "--requires", packages[name])).split("\n");
    const node = packageJson.engines.node.replace(">=", ">= ");
    for (const name of ["copr-cli", "copr-rpmbuild"] as const)
      expect(await requires(name)).toEqual(expect.arrayContaining([`nodejs(engine) ${node}`, process.execPath]));
    expect(await requires("copr-builder")).toContain(`copr-rpmbuild = ${packageJson.version}-1`);
  });
});

describe.skipIf(!canInstall)("installed (needs root or user namespaces)", () => {
  let root: string;
  beforeAll(async () => {
    root = join(directory, "root");
    await installPackages(root, Object.values(packages));
  });

  test("copr-backend's question for the version is answered", async () => {
    // Upstream's backend gives a builder up whose package has a version below 1.6.1.
    expect(await rpm("--root", root, "-q", "copr-rpmbuild", "--qf", "%{VERSION}\n")).toBe(`${packageJson.version}\n`);
    expect(Number.parseInt(packageJson.version, 10)).toBeGreaterThanOrEqual(2);
  });

  test("copr-rpmbuild-loggify filters, whatever its words are", async () => {
    const outcome = await runProgram([join(root, "usr/bin/copr-rpmbuild-loggify"), "--version"], { stdin: "a \u001b[1mlog\u001b[m\n" });
    expect(outcome).toEqual({ exitCode: 0, stdout: "a log\n", stderr: "" });
  });

  // Upstream's of these names have no --version either.
  test.each(programs.filter((name) => !["package-build-order", "copr-rpmbuild-loggify"].includes(name)))(
    "%s tells its version, whatever PATH is",
    async (name) => {
      const { stdout, ...rest } = await runProgram([join(root, "usr/bin", name), "--version"], { env: { PATH: "/nowhere" } });
      expect(rest).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toContain(packageJson.version);
    },
  );

  test.each(["copr", "copr-cli", "copr-builder", "copr-rpmbuild", "package-build-order", "copr-update-builder"])(
    "%s explains itself",
    async (name) => {
      expect(await output([join(root, "usr/bin", name), "--help"])).toMatch(/^usage: /i);
    },
  );

  test("copr-rpmbuild builds a package, and copr-builder knows of it", async () => {
    const work = await temporaryDirectory();
    const { url, hash } = await makeRepository(work, "small", { "small.spec": specText("small", "true") });
    const config = join(work, "main.ini");
    await writeFile(config, `[main]\nbuildroot = host\nstate_dir = ${work}/state\n`);
    await writeFile(join(work, "task.json"), JSON.stringify(rpmTask({ url, hash })));
    const options = ["--config", config, "--task-file", join(work, "task.json"), "--chroot", "fedora-43-x86_64"];
    const { exitCode, stdout } = await runProgram([join(root, "usr/bin/copr-rpmbuild"), "--verbose", "--drop-resultdir", ...options]);
    expect(exitCode, stdout).toBe(0);
    expect(await readdir(join(work, "state/results"))).toEqual(expect.arrayContaining(["success", "small-1-1.noarch.rpm"]));
    const status = await output([join(root, "usr/bin/copr-builder"), "status", "--json", "--state-dir", join(work, "state")]);
    expect(JSON.parse(status)).toMatchObject({ state: "succeeded" });
  });

  test("nothing is missing that the programs load", async () => {
    for (const name of ["copr-cli", "copr-rpmbuild"]) {
      const dist = join(root, "usr/share", name, "dist");
      for (const file of await readdir(dist)) {
        const loaded = (await readFile(join(dist, file), "utf8")).matchAll(/(?:from|import\(|import|URL\()"(\.\/[\w-]+\.js)"/g);
        for (const [, path = ""] of loaded) expect(existsSync(join(dist, path)), `${file} loads ${path}`).toBe(true);
      }
    }
  });

  test.skipIf(!isInstalled("man"))("man finds a page for every program (needs man)", async () => {
    // man reads it as a user of its own.
    await chmod(directory, 0o755);
    const env = { LC_ALL: "C.UTF-8", MANWIDTH: "80", MANOPT: "", MANPAGER: "cat", MANROFFOPT: "" };
    for (const name of programs) {
      const page = ["copr", "package-build-order"].includes(name)
        ? "copr-cli"
        : /^copr-(builder|cli|rpmbuild)$/.test(name)
          ? name
          : "copr-rpmbuild";
      const text = await output(["man", "-M", join(root, "usr/share/man"), name], { env });
      expect(text, name).toContain(`${page.toUpperCase()}(1)`);
    }
  });

  test("completion is where bash, zsh and fish look for it", async () => {
    const completion = join(root, "usr/share");
    for (const name of ["copr", "copr-cli"]) {
      const script = join(completion, "bash-completion/completions", name);
      expect(await output(["bash", "--norc", "-c", 'source "$0"; complete -p', script])).toContain(`complete -F _copr_cli ${name}\n`);
      expect(await readFile(join(completion, `fish/vendor_completions.d/${name}.fish`), "utf8")).toContain("complete -c copr-cli");
    }
    expect(await readFile(join(completion, "zsh/site-functions/_copr-cli"), "utf8")).toMatch(/^#compdef copr-cli copr\n/);
  });
});

test.skipIf(!canInstall)("an update from upstream's package keeps changed configuration (needs root or user namespaces)", async () => {
  const root = join(directory, "updated");
  await installPackages(root, [await buildUpstreamPackage(directory, "[main]")]);
  const config = join(root, "etc/copr-rpmbuild/main.ini");
  await writeFile(config, "[main]\nfrontend_url = https://copr.example.org\n");
  await installPackages(root, [packages["copr-rpmbuild"]]);
  expect(await rpm("--root", root, "-q", "copr-rpmbuild")).toBe(`copr-rpmbuild-${packageJson.version}-1.noarch\n`);
  expect(await readFile(config, "utf8")).toContain("copr.example.org");
  expect(await readFile(`${config}.rpmnew`, "utf8")).toContain("fedorainfracloud");
});

test.each(["copr-cli", "copr-rpmbuild"])("%s.spec has the version of package.json", async (name) => {
  const spec = await readFile(join(repository, `packaging/${name}.spec`), "utf8");
  expect(/^Version: +(.*)$/m.exec(spec)?.[1]).toBe(packageJson.version);
  expect(/^%changelog\n\* .* - (.*)-1$/m.exec(spec)?.[1]).toBe(packageJson.version);
});
