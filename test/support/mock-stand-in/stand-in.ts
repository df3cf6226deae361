import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { baseRepository, makePackageRepository } from "./package-repository.ts";

/** One call of the stand-in, as it understood its command line and configuration. */
interface MockCall {
  argv: string[];
  mode: string;
  words: string[];
  unique: string | null;
  scrub: string[];
  /** Values of the configuration, with templates expanded; without `dnf.conf`. */
  config: Record<string, unknown>;
  /** Sections of dnf.conf but the main one. */
  repositories: Record<string, Record<string, string>>;
}

/** A machine's mock: a directory for PATH, configurations, and a look at what it did. */
export interface MockStandIn {
  /** Holds the program `mock`. */
  binDirectory: string;
  /** Its /etc/mock, with the chroot fedora-43-x86_64 and the default, which is the same. */
  configDirectory: string;
  /** All calls so far. */
  calls(): Promise<MockCall[]>;
  /** Names of the chroots that are there now. */
  chroots(): Promise<string[]>;
  /** Names of the directories of its caches. */
  caches(): Promise<string[]>;
  /** A repository with these packages, which are empty; resolves to its address. */
  addRepository(name: string, packages: readonly string[]): Promise<string>;
}

/** Sets up a strict stand-in for mock below a directory; needs Python 3 and rpmbuild. */
export async function makeMockStandIn(directory: string): Promise<MockStandIn> {
  const home = join(directory, "mock");
  const [binDirectory, configDirectory] = [join(home, "bin"), join(home, "etc")];
  const repositories = join(home, "repositories");
  for (const path of [binDirectory, configDirectory, join(home, "lib"), join(home, "cache")]) await mkdir(path, { recursive: true });
  const addRepository = async (name: string, packages: readonly string[]): Promise<string> => {
    await makePackageRepository(join(repositories, name), packages);
    return `file://${join(repositories, name)}`;
  };
  const base = await baseRepository();
  const program = fileURLToPath(new URL("mock.py", import.meta.url));
  const mock = join(binDirectory, "mock");
  // The builder gives its programs no variables of ours.
  await writeFile(mock, `#!/bin/sh\nMOCK_STAND_IN='${home}' exec python3 '${program}' "$@"\n`, { mode: 0o755 });
  await writeFile(join(configDirectory, "logging.ini"), "[formatters]\nkeys: detailed\n");
  await writeFile(join(configDirectory, "site-defaults.cfg"), "config_opts['use_bootstrap'] = False\n");
  for (const name of ["fedora-43-x86_64", "default"]) await writeFile(join(configDirectory, `${name}.cfg`), chrootConfig(base));
  return {
    binDirectory,
    configDirectory,
    calls: async () => {
      const text = await readFile(join(home, "calls.jsonl"), "utf8").catch(() => "");
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as MockCall);
    },
    chroots: () => readdir(join(home, "lib")),
    caches: async () => (await readdir(join(home, "cache"))).sort(),
    addRepository,
  };
}

/** A chroot as the distributions' configurations look: with templates, and a text for dnf. */
function chrootConfig(baseUrl: string): string {
  return `config_opts['root'] = 'fedora-{{ releasever }}-{{ target_arch }}'
config_opts['target_arch'] = 'x86_64'
config_opts['legal_host_arches'] = ('x86_64',)
config_opts['dist'] = 'fc{{ releasever }}'
config_opts['releasever'] = '43'
config_opts['chroot_setup_cmd'] = 'install bash gcc make'
config_opts['package_manager'] = 'dnf'
config_opts['dnf.conf'] = """
[main]
gpgcheck=0
metadata_expire=0

[fedora]
name=fedora
baseurl=${baseUrl}
skip_if_unavailable=False
"""
`;
}
