import {
  enterpriseArchitectures,
  fedoraArchitectures,
  fedoraOnlyArchitectures,
  mageiaArchitectures,
  type Macros,
  rpmArchitectures,
  x86Levels,
} from "./architecture-macros.ts";

/**
 * Names under which the database of macros knows distributions that Copr names otherwise. EPEL is a distribution of
 * its own to Copr only, and what a custom chroot holds nobody can tell.
 */
export function macroTarget(distribution: string): string {
  return targets.get(distribution) ?? distribution;
}

/**
 * Macros by which spec files tell a distribution, and where things can be built there; for a target such as
 * `fedora-43` or `rhel+epel-9`. One that is not known here has only what rpm has.
 */
export function distributionMacros(target: string): Macros {
  const dash = target.lastIndexOf("-");
  const family = families.find(([pattern]) => pattern.test(target));
  return { ...rpmArchitectures, ...family?.[1](target.slice(dash + 1), target) };
}

const targets: ReadonlyMap<string, string> = new Map([
  ["epel-7", "rhel+epel-7"],
  ["epel-8", "rhel+epel-8"],
  ["epel-9", "rhel+epel-9"],
  ["epel-10", "centos-stream+epel-10"],
  ["custom-0", "fedora-rawhide"],
  ["custom-1", "fedora-rawhide"],
]);

/** What rawhide becomes. The database of macros knows better when it is newer. */
const NEXT_FEDORA = "45";
const NEXT_ENTERPRISE = "11";

type Family = readonly [pattern: RegExp, macros: (release: string, target: string) => Macros];

const families: readonly Family[] = [
  [/^fedora-eln$/, () => ({ ...enterprise(NEXT_ENTERPRISE), eln: "1", dist: ".eln" })],
  [/^fedora-rawhide$/, () => fedora(NEXT_FEDORA)],
  [/^fedora-\d+$/, fedora],
  [/^amazonlinux-\d+$/, amazon],
  [/^centos(-stream)?(\+epel(-next)?)?-\d+$/, (release, target) => ({ ...enterprise(release, target), centos: release })],
  [/^(rhel|oraclelinux)(\+epel)?-\d+$/, enterprise],
  [/^alma(linux)?(-kitten)?(\+epel)?-\d+$/, (release, target) => ({ ...enterprise(release, target), almalinux: release, centos: release })],
  [/^rocky(linux)?(\+epel)?-\d+$/, (release, target) => ({ ...enterprise(release, target), rocky: release })],
  [/^opensuse-tumbleweed$/, () => ({ ...x86Levels, suse_version: "1699", is_opensuse: "1" })],
  [/^opensuse-leap-\d+\.\d+$/, leap],
  [/^mageia-/, mageia],
  [/^openeuler-/, openEuler],
];

function fedora(release: string): Macros {
  return {
    ...x86Levels,
    ...fedoraArchitectures,
    ...fedoraOnlyArchitectures,
    fedora: release,
    [`fc${release}`]: "1",
    dist: `.fc${release}`,
  };
}

/** Made from Fedora 34, and says so. */
function amazon(release: string): Macros {
  return { ...fedoraArchitectures, java_arches: "aarch64 x86_64", fedora: "34", amzn: release, dist: `.amzn${release}` };
}

function enterprise(release: string, target = ""): Macros {
  return {
    ...(Number(release) >= 10 ? x86Levels : {}),
    ...enterpriseArchitectures(Number(release)),
    rhel: release,
    [`el${release}`]: "1",
    dist: `.el${release}`,
    ...(target.includes("epel") ? { epel: release } : {}),
  };
}

function leap(release: string): Macros {
  const [major = "15", minor = "0"] = release.split(".");
  return { suse_version: `${major}00`, sle_version: `${major}0${minor}00`, is_opensuse: "1" };
}

function mageia(release: string): Macros {
  const number = release === "cauldron" ? "10" : release;
  return {
    ...mageiaArchitectures(Number(number)),
    ix86: "i386 i486 i586 i686 pentium3 pentium4 athlon k6",
    mageia: number,
    mgaversion: number,
    dist: `.mga${number}`,
  };
}

function openEuler(release: string): Macros {
  const { golang_arches, golang_arches_future, gccgo_arches, go_arches, gometa } = fedoraArchitectures;
  return {
    golang_arches: `${golang_arches} loongarch64`,
    golang_arches_future,
    gccgo_arches,
    go_arches,
    gometa,
    openEuler: "1",
    dist: `.oe${release.replaceAll(/\D/g, "")}`,
  };
}
