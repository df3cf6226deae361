import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Source } from "../../core/task/build-task.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { TaskError } from "../errors.ts";
import { publishForeignSrpm } from "../results/foreign-srpm.ts";
import { requireProgram } from "./required-program.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { SourceProvider } from "./source.ts";

type PypiSource = Extract<Source, { type: "pypi" }>;

/** A package of pypi.org. */
export const pypi: SourceProvider<"pypi"> = {
  type: "pypi",
  async produceSrpm(context, { task, source, buildroot }) {
    const generator = source.spec_generator ?? "pyp2rpm";
    await requireProgram(context, generator);
    const directory = join(context.workDirectory, "pypi");
    await ensureDirectory(directory);
    if (generator === "pyp2rpm") {
      await generate(context, directory, pyp2rpmCommand(source, directory));
      return publishForeignSrpm(context, directory);
    }
    await generate(context, directory, [
      "pyp2spec",
      source.pypi_package_name,
      "--fedora-compliant",
      "--automode",
      ...versionArguments(source),
    ]);
    await buildroot.buildSrpm(context, task, { spec: await onlySpec(directory), sources: directory });
  },
};

async function generate(context: TaskContext, directory: string, argv: readonly string[]): Promise<void> {
  const status = await context.run(argv, { cwd: directory });
  if (status !== 0) throw new TaskError(`Unable to generate spec for '${argv[1]}': ${argv[0]} ended with ${status}`);
}

/** The first version of Python is the base of the package, each other one gets a subpackage. */
function pyp2rpmCommand(source: PypiSource, output: string): string[] {
  const versions = source.python_versions.flatMap((version, index) => [index === 0 ? "-b" : "-p", String(version)]);
  const argv = ["pyp2rpm", source.pypi_package_name, "-t", source.spec_template ?? "", "--srpm", "-d", output];
  return [...argv, ...versions, ...versionArguments(source)];
}

function versionArguments({ pypi_package_version: version }: PypiSource): string[] {
  return version ? ["-v", version] : [];
}

async function onlySpec(directory: string): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true });
  const specs = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".spec")).map(({ name }) => name);
  if (specs.length === 1) return join(directory, specs[0] as string);
  throw new TaskError(specs.length === 0 ? "pyp2spec made no spec file" : `pyp2spec made several spec files: ${specs.sort().join(", ")}`);
}
