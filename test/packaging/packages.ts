import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../../scripts/docs/generated-files.ts";
import { output } from "../support/program.ts";

/** The names of the packages that our spec files make. */
export const packageNames = ["copr-cli", "copr-rpmbuild", "copr-builder"] as const;
export type PackageName = (typeof packageNames)[number];

/** What a package says of one of its files. */
export interface PackagedFile {
  path: string;
  kind: "file" | "directory" | "link";
  /** Octal. */
  permissions: string;
  /** user:group. */
  owner: string;
  /** Letters as of rpm's `fflags`: c configuration, n noreplace, g ghost, d documentation, l licence. */
  flags: string;
}

const isRoot = process.getuid?.() === 0;

/** Runs a program without any network, as root of its own if we are not root; empty where the machine allows neither. */
export const isolation: readonly string[] =
  [
    ["unshare", "--net"],
    ["unshare", "--map-root-user", "--net"],
  ].find(([program = "", ...words]) => (isRoot || words.length > 1) && spawnSync(program, [...words, "true"]).status === 0) ?? [];

/** rpm wants to be root, if only of a user namespace, to install below a directory. */
export const canInstall = isRoot || isolation.length > 0;

/** Packs the sources and makes all packages of them, without a network; resolves to the paths of the packages. */
export async function buildPackages(directory: string): Promise<Record<PackageName, string>> {
  await output([process.execPath, join(repository, "scripts/dist.js"), "--output", directory]);
  await Promise.all(
    ["copr-cli", "copr-rpmbuild"].map((name) => {
      const macros = { _topdir: join(directory, name), _sourcedir: directory, _rpmdir: directory, copr_node: process.execPath };
      const defines = Object.entries(macros).flatMap(([macro, value]) => ["--define", `${macro} ${value}`]);
      return output([...isolation, "rpmbuild", "-ba", "--nodeps", ...defines, join(repository, `packaging/${name}.spec`)]);
    }),
  );
  const paths = packageNames.map((name) => [name, join(directory, "noarch", `${name}-3.0.0-1.noarch.rpm`)] as const);
  return Object.fromEntries(paths) as Record<PackageName, string>;
}

/** Installs packages below a directory, with a database of their own, or updates those that are there. */
export async function installPackages(root: string, packages: readonly string[]): Promise<void> {
  await mkdir(root, { recursive: true });
  await rpm("--root", root, "--initdb");
  await rpm("--root", root, "--upgrade", "--nodeps", ...packages);
}

/** Makes a package that stands for upstream's copr-rpmbuild, with configuration of its own; resolves to its path. */
export async function buildUpstreamPackage(directory: string, configuration: string): Promise<string> {
  const spec = join(directory, "upstream.spec");
  const name =
    "Name: copr-rpmbuild\nVersion: 1.8\nRelease: 1.fc43\nSummary: Upstream's\nLicense: MIT\nBuildArch: noarch\n%description\nx\n";
  const install = `%install\nmkdir -p %{buildroot}/etc/copr-rpmbuild\necho '${configuration}' >%{buildroot}/etc/copr-rpmbuild/main.ini\n`;
  await writeFile(spec, `${name}${install}%files\n%config(noreplace) /etc/copr-rpmbuild/main.ini\n`);
  const defines = ["--define", `_topdir ${directory}/upstream`, "--define", `_rpmdir ${directory}`];
  await output([...isolation, "rpmbuild", "-bb", ...defines, spec]);
  return join(directory, "noarch/copr-rpmbuild-1.8-1.fc43.noarch.rpm");
}

/** Runs rpm; resolves to what it prints. */
export function rpm(...words: string[]): Promise<string> {
  return output([...isolation, "rpm", ...words]);
}

/** What the upper bits of a mode mean. */
const kinds: Readonly<Record<number, PackagedFile["kind"]>> = { 0o4: "directory", 0o10: "file", 0o12: "link" };

/** All files of a package. */
export async function filesOf(path: string): Promise<PackagedFile[]> {
  const listed = await rpm(
    "-qp",
    "--qf",
    "[%{FILENAMES}\t%{FILEMODES:octal}\t%{FILEUSERNAME}:%{FILEGROUPNAME}\t%{FILEFLAGS:fflags}\n]",
    path,
  );
  return listed
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [path = "", mode = "", owner = "", flags = ""] = line.split("\t");
      const bits = Number.parseInt(mode, 8);
      return { path, kind: kinds[bits >> 12] as PackagedFile["kind"], permissions: (bits & 0o7777).toString(8), owner, flags };
    });
}
