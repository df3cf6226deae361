import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { BuildInput } from "../buildroot/buildroot.ts";
import { TaskError } from "../errors.ts";
import { refuseLeavingLinks } from "./repository-paths.ts";

/**
 * What a script has left, ready for rpmbuild: exactly one spec file, and nothing that would make rpmbuild read beyond
 * the directory or wait for ever (security: C35).
 */
export async function checkScriptOutput(path: string): Promise<BuildInput> {
  const directory = await realpath(path);
  await refuseLeavingLinks(directory);
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory() && !entry.isSymbolicLink());
  if (odd) throw new TaskError(`Refusing '${odd.name}' of the script's results: it is not a regular file`);
  const specs = (await readdir(directory, { withFileTypes: true })).filter(({ name }) => name.endsWith(".spec"));
  const [spec] = specs;
  if (spec === undefined) throw new TaskError("no spec file available");
  if (specs.length > 1) {
    const names = specs.map(({ name }) => name).sort();
    throw new TaskError(`too many specfiles: ${names.join(", ")}`);
  }
  if (!spec.isFile()) throw new TaskError(`The spec file '${spec.name}' is not a regular file`);
  return { spec: join(directory, spec.name), sources: directory };
}

/** Variables that scripts rely on. A task may know no name of the package; upstream fails then. */
export function scriptVariables(task: {
  project_owner: string;
  project_name: string;
  package_name?: string | null | undefined;
}): [name: string, value: string][] {
  return [
    ["COPR_OWNER", task.project_owner],
    ["COPR_PROJECT", task.project_name],
    ["COPR_PACKAGE", task.package_name ?? ""],
  ];
}
