import { basename, join } from "node:path";
import { CoprError } from "../errors.ts";
import { withPrivateDirectory } from "../files/private-directory.ts";
import { readRegularFile } from "../files/regular-file.ts";
import { capture } from "../process/run.ts";
import { maxSpecBytes, packedSpecName, unpackSpec } from "./packed-spec.ts";
import { createBudget } from "./spec-evaluator/budget.ts";
import { distributionMacros, macroTarget } from "./spec-evaluator/distribution-macros.ts";
import { logicalLines } from "./spec-evaluator/logical-lines.ts";
import { machineMacros } from "./spec-evaluator/machine-macros.ts";
import { type BinaryPackage, readSpecPackages, type SpecPackages } from "./spec-evaluator/packages.ts";

/** What a source package needs to be built, and the packages it makes, as far as that can be told without building it. */
export interface SourceNeeds {
  name: string;
  /** `[epoch:]version-release`; undefined where it is not understood. */
  version: string | undefined;
  /** Dependencies as rpm writes them: `foo >= 1`, `(a or b)`. */
  requires: string[];
  /** Those that only count if something holds that is not understood. */
  perhapsRequires: string[];
  packages: BinaryPackage[];
  /** False where it may make packages that are not known. */
  isComplete: boolean;
}

/** Where a package is to be built, as far as a spec file cares. */
export interface NeedsOptions {
  /** Chroots such as `fedora-43-x86_64`; what any of them needs counts. */
  chroots: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Reads a spec file by the evaluator, which runs nothing of it. Throws CoprError. */
export async function readSpecNeeds(path: string, { chroots }: NeedsOptions): Promise<SourceNeeds> {
  const specs = evaluate(await linesOf(path), chroots);
  const [spec] = specs;
  // What makes its own name by Lua is called as its file, or it would be in no distribution.
  const name = specs.find((spec) => spec.name !== undefined)?.name ?? basename(path).replace(/\.spec$/, "");
  const requires = [...new Set(specs.flatMap(({ buildRequires }) => buildRequires))];
  return joined(specs, { name, version: spec === undefined ? undefined : versionOf(spec), requires });
}

/**
 * Reads a source package: rpm tells what its header says of its requirements, which hold for the machine it was made on, and
 * the spec file in it what it makes. Throws CoprError.
 */
export async function readSourcePackageNeeds(path: string, { chroots, signal }: NeedsOptions): Promise<SourceNeeds> {
  const header = await queryHeader(path, signal);
  const { name, version, requires } = header;
  const { specName } = header;
  if (specName === undefined) return joined([], { name, version, requires });
  return withPrivateDirectory("spec-", async (directory) => {
    await unpackSpec(path, specName, directory, { signal });
    return joined(evaluate(await linesOf(join(directory, specName)), chroots), { name, version, requires });
  });
}

/** Only what is ASCII counts, so no other encoding is an error. */
async function linesOf(path: string): Promise<readonly string[]> {
  return logicalLines((await readRegularFile(path, { maxBytes: maxSpecBytes, label: "spec file" })).toString("latin1"));
}

/** Once for each distribution of the chroots, on the machine of the first of them. */
function evaluate(lines: readonly string[], chroots: readonly string[]): SpecPackages[] {
  const targets = new Map(chroots.map((chroot) => [macroTarget(chroot.slice(0, chroot.lastIndexOf("-"))), chroot.split("-").at(-1) ?? ""]));
  return [...targets].map(([target, architecture]) =>
    readSpecPackages(lines, {
      macros: [machineMacros(architecture), rpmMacros(architecture), distributionMacros(target)].flatMap((macros) =>
        Object.entries(macros),
      ),
      architecture,
      budget: createBudget(MAX_CHARACTERS),
    }),
  );
}

/** The whole of a spec file, with its changelog: some of these have a megabyte. */
const MAX_CHARACTERS = 32_000_000;

/** What rpm and its configuration define everywhere, as far as names of packages and paths are made of it. */
function rpmMacros(architecture: string): Record<string, string> {
  const isa = { x86_64: "x86-64", aarch64: "aarch-64", ppc64le: "ppc-64", s390x: "s390-64", riscv64: "riscv-64" }[architecture];
  return {
    ...(isa === undefined ? {} : { _isa: `(${isa})` }),
    _prefix: "/usr",
    _bindir: "/usr/bin",
    _sbindir: "/usr/sbin",
    _libdir: "/usr/%{_lib}",
    _libexecdir: "/usr/libexec",
    _datadir: "/usr/share",
    _includedir: "/usr/include",
    _sysconfdir: "/etc",
    _mandir: "/usr/share/man",
    _unitdir: "/usr/lib/systemd/system",
    python3_pkgversion: "3",
  };
}

function joined(specs: readonly SpecPackages[], known: Pick<SourceNeeds, "name" | "version" | "requires">): SourceNeeds {
  const packages = new Map<string, BinaryPackage>();
  for (const one of specs.flatMap((spec) => spec.packages)) {
    const before = packages.get(one.name);
    packages.set(
      one.name,
      before === undefined ? one : { ...one, provides: [...before.provides, ...one.provides], files: [...before.files, ...one.files] },
    );
  }
  return {
    ...known,
    perhapsRequires: [...new Set(specs.flatMap(({ perhapsRequires }) => perhapsRequires))],
    packages: [...packages.values()],
    isComplete: specs.length > 0 && specs.every(({ isComplete }) => isComplete),
  };
}

function versionOf({ epoch, version, release }: SpecPackages): string | undefined {
  if (epoch === undefined || version === undefined) return undefined;
  return `${epoch === null ? "" : `${epoch}:`}${version}${release === undefined ? "" : `-${release}`}`;
}

interface Header extends Pick<SourceNeeds, "name" | "requires"> {
  version: string;
  specName: string | undefined;
}

const SEPARATOR = "\x1f";
const FORMATS = [
  "%{NAME}",
  "%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}",
  "%{SOURCEPACKAGE}",
  "[%{REQUIRENAME} %{REQUIREFLAGS:depflags} %{REQUIREVERSION}\n]",
  "[%{FILENAMES}\n]",
  "[%{FILEFLAGS}\n]",
  "[%{LONGFILESIZES}\n]",
];

async function queryHeader(path: string, signal: AbortSignal | undefined): Promise<Header> {
  const argv = ["rpm", "-qp", "--nosignature", "--nomanifest", "--queryformat", FORMATS.join(SEPARATOR), "--", path];
  const { exitCode, stdout } = await capture(argv, { signal });
  const [name = "", version = "", isSource, requires = "", files = "", flags = "", sizes = ""] = stdout.toString().split(SEPARATOR);
  if (exitCode !== 0) throw new CoprError(`'${path}' is no package that rpm can read`);
  if (isSource !== "1") throw new CoprError(`'${basename(path)}' is no source package`);
  return {
    name,
    version,
    // What rpm itself must be able to do is no package.
    requires: requires
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("rpmlib(")),
    specName: packedSpecName(files.split("\n"), flags.split("\n"), sizes.split("\n")),
  };
}
