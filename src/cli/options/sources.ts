import { isUtf8 } from "node:buffer";
import { accessSync, constants } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { PackageSourceFields, PackageSourceType, SourceFields } from "../../core/api/index.ts";
import { describeFileError } from "../../core/errors.ts";
import { readInput } from "../../core/files/input.ts";
import { greedy } from "../arguments.ts";
import { integerList } from "./values.ts";

/** Options of the sources a frontend fetches itself, of all kinds together. */
export interface SourceCommandOptions {
  cloneUrl?: string;
  commit?: string;
  subdir?: string;
  spec?: string;
  type?: string;
  method?: string;
  distgit?: string;
  namespace?: string;
  /** `build-distgit` and the package commands. */
  name?: string;
  packagename?: string;
  packageversion?: string;
  pythonversions?: number[];
  specGenerator?: string;
  template?: string;
  gem?: string;
  script?: string;
  scriptChroot?: string;
  scriptBuilddeps?: string;
  scriptResultdir?: string;
  scriptRepos?: string;
}

/** A kind of source: its options, which builds and packages share, and what they are on the wire, which differs a little. */
export interface Source<Type extends PackageSourceType = PackageSourceType> {
  /** Where packages of this kind come from, for the help. */
  origin: string;
  /** Options for examples. */
  example: string;
  /** `isEdit`: changes a package, where less is required. */
  addOptions(command: Command, isEdit: boolean): Command;
  /** Fields of `POST build/create/<type>`. */
  buildFields(options: SourceCommandOptions): SourceFields[Type];
  /** Fields of `POST package/{add,edit}/…/<type>`. */
  packageFields(options: SourceCommandOptions): PackageSourceFields[Type];
}

const scm: Source<"scm"> = {
  origin: "a version control repository",
  example: "--clone-url https://example.org/hello.git --commit main",
  addOptions: (command) =>
    command
      .requiredOption("--clone-url <url>", "repository to clone")
      .option("--commit <name>", "branch, tag or commit; the default branch when left out")
      .option("--subdir <directory>", "directory of the repository to work in")
      .option("--spec <path>", "spec file, relative to that directory")
      .addOption(new Option("--type <type>", "kind of repository").choices(["git", "svn"]).default("git"))
      .addOption(
        new Option("--method <method>", "how the source package is made")
          .choices(["rpkg", "tito", "tito_test", "make_srpm"])
          .default("rpkg"),
      ),
  buildFields: ({ cloneUrl = "", commit = "", subdir = "", spec = "", type = "git", method = "rpkg" }) => ({
    clone_url: cloneUrl,
    committish: commit,
    subdirectory: subdir,
    spec,
    scm_type: type,
    source_build_method: method,
  }),
  packageFields: (options) => scm.buildFields(options),
};

const distgit: Source<"distgit"> = {
  origin: "a DistGit, as Fedora keeps its packages in",
  example: "--commit f43 --distgit fedora",
  addOptions: (command) =>
    command
      .option("--commit <name>", "branch, tag or commit; the default branch when left out")
      .option("--namespace <namespace>", "namespace of the package in the DistGit, e.g. forks/someone")
      .option("--distgit <instance>", "DistGit instance, e.g. fedora; the frontend's first one when left out"),
  buildFields: ({ name = "", ...options }) => ({ ...distgitFields(options), package_name: name }),
  packageFields: (options) => distgitFields(options),
};

const pypi: Source<"pypi"> = {
  origin: "PyPI, the Python package index",
  example: "--packagename requests",
  addOptions: (command, isEdit) =>
    command
      .addOption(new Option("--packagename <name>", "name of the package on PyPI").makeOptionMandatory(!isEdit))
      .option("--packageversion <version>", "version on PyPI; the latest when left out")
      .addOption(
        greedy(new Option("--pythonversions <versions>", "Python versions to build for, several after one another").argParser(integerList)),
      )
      .addOption(new Option("--spec-generator <program>", "what makes the spec file").choices(["pyp2rpm", "pyp2spec"]).default("pyp2spec"))
      .option("-t, --template <name>", "template of the spec file, for pyp2rpm"),
  buildFields: ({ pythonversions, ...options }) => ({
    ...pypiFields(options),
    python_versions: pythonversions?.length ? pythonversions : [3, 2],
  }),
  packageFields: ({ pythonversions, ...options }) => ({ ...pypiFields(options), python_versions: pythonversions ?? null }),
};

const rubygems: Source<"rubygems"> = {
  origin: "RubyGems.org",
  example: "--gem rails",
  addOptions: (command) => command.option("--gem <name>", "name of the gem"),
  buildFields: ({ gem }) => ({ gem_name: gem ?? null }),
  packageFields: (options) => rubygems.buildFields(options),
};

const custom: Source<"custom"> = {
  origin: "a script that makes the sources",
  example: "--script make-sources.sh --script-builddeps 'git make'",
  addOptions: (command) =>
    command
      .addOption(
        new Option("--script <file>", "script to run in a chroot, - for standard input").argParser(findScript).makeOptionMandatory(),
      )
      .hook("preAction", takeScript)
      .option("--script-chroot <chroot>", "chroot to run it in")
      .option("--script-builddeps <packages>", "packages it needs, separated by blanks")
      .option("--script-resultdir <directory>", "directory it leaves its results in")
      .option("--script-repos <addresses>", "repositories for those packages, separated by blanks"),
  buildFields: (options) => ({
    script: options.script ?? "",
    chroot: options.scriptChroot ?? null,
    builddeps: options.scriptBuilddeps?.split(/\s+/).filter(Boolean) ?? null,
    resultdir: options.scriptResultdir ?? null,
    repos: options.scriptRepos ?? null,
  }),
  packageFields(options) {
    const { script, chroot = null, builddeps = null, resultdir = null, repos = null } = custom.buildFields(options);
    return { script, script_chroot: chroot, script_builddeps: builddeps, script_resultdir: resultdir, script_repos: repos };
  },
};

/** Every kind of source. */
export const sources: Readonly<{ [Type in PackageSourceType]: Source<Type> }> = { pypi, scm, distgit, rubygems, custom };

function distgitFields({ commit, namespace, distgit: instance }: SourceCommandOptions) {
  return { distgit: instance ?? null, namespace: namespace ?? null, committish: commit ?? null };
}

function pypiFields({ packagename, packageversion, specGenerator, template }: SourceCommandOptions) {
  return {
    pypi_package_name: packagename ?? null,
    pypi_package_version: packageversion ?? null,
    spec_generator: specGenerator ?? "pyp2spec",
    spec_template: template ?? null,
  };
}

/** Looked for while the command line is read: a script that is missing is a usage error. */
function findScript(path: string): string {
  try {
    if (path !== "-") accessSync(path, constants.R_OK);
    return path;
  } catch (error) {
    throw unreadable(error);
  }
}

/** The script takes the place of its name, before any request. It may come from a pipe, so it is waited for. */
async function takeScript(command: Command): Promise<void> {
  const { script: path } = command.opts<SourceCommandOptions>();
  if (path === undefined) return;
  try {
    command.setOptionValue("script", await readScript(path));
  } catch (error) {
    const { message } = error instanceof InvalidArgumentError ? error : unreadable(error);
    command.error(`error: option '--script <file>' argument '${path}' is invalid. ${message}`);
  }
}

const MAX_SCRIPT_BYTES = 16 * 1024 * 1024;

async function readScript(path: string): Promise<string> {
  const content = await readInput(path === "-" ? process.stdin : path, MAX_SCRIPT_BYTES);
  // Anything else would arrive as another script.
  if (!isUtf8(content)) throw new InvalidArgumentError("It is not UTF-8 text.");
  // Line ends become LF, as Python reads a text: a script with CR would not run in the chroot.
  return content.toString().replace(/\r\n?/g, "\n");
}

function unreadable(error: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot read it: ${describeFileError(error)}.`);
}
