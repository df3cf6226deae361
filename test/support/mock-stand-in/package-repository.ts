import { rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../program.ts";

/** Makes a real repository: packages by rpmbuild, all empty, and metadata by createrepo_c. */
export async function makePackageRepository(directory: string, names: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  const spec = join(directory, "packages.spec");
  const packages = names.map((name) => `%package -n ${name}\nSummary: A test\n%description -n ${name}\nA test.\n%files -n ${name}\n`);
  const head = "Name: none\nVersion: 1\nRelease: 1\nSummary: A test\nLicense: MIT\nBuildArch: noarch\n%description\nA test.\n";
  await writeFile(spec, `${head}${packages.join("")}`);
  const defines = { _topdir: join(directory, "rpmbuild"), _rpmdir: directory, _build_name_fmt: "%%{NAME}.rpm" };
  await output(["rpmbuild", "-bb", "--quiet", ...Object.entries(defines).flatMap((pair) => ["--define", pair.join(" ")]), spec]);
  // What every Python can unpack.
  await output(["createrepo_c", "--quiet", "--general-compress-type", "gz", directory]);
}

let base: Promise<string> | undefined;

/** Address of the distribution's repository, which all chroots of a test file share. */
export function baseRepository(): Promise<string> {
  return (base ??= makeBaseRepository());
}

async function makeBaseRepository(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "copr-fedora-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  await makePackageRepository(directory, ["bzip2", "patch", "which"]);
  return `file://${directory}`;
}
