import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { output } from "./program.ts";

/**
 * Makes `rpm -q copr-rpmbuild` answer on a machine whose rpm database is not ours to change: a database of the test's
 * own knows the package, and an `rpm` in the given directory of PATH asks it.
 */
export async function installPackage(directory: string, programs: string): Promise<void> {
  const { version } = JSON.parse(await readFile(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8")) as {
    version: string;
  };
  const database = join(directory, "rpmdb");
  await mkdir(database, { recursive: true });
  const spec = join(directory, "copr-rpmbuild.spec");
  await writeFile(
    spec,
    `Name: copr-rpmbuild\nVersion: ${version}\nRelease: 1\nSummary: x\nLicense: GPL-2.0-or-later\nBuildArch: noarch\n%description\nx\n%files\n`,
  );
  const top = ["_topdir", "_rpmdir", "_builddir", "_buildrootdir", "_sourcedir"].flatMap((name) => [
    "--define",
    `${name} ${directory}/rpm`,
  ]);
  await output(["rpmbuild", "-bb", ...top, spec]);
  const path = join(directory, "rpm", "noarch", `copr-rpmbuild-${version}-1.noarch.rpm`);
  await output(["rpm", "--dbpath", database, "-i", "--justdb", "--nodeps", "--ignorearch", path]);
  const wrapper = join(programs, "rpm");
  await writeFile(wrapper, `#!/bin/sh\nexec /usr/bin/rpm --dbpath '${database}' "$@"\n`);
  await chmod(wrapper, 0o755);
}
