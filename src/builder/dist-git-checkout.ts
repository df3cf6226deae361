import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { downloadSources, readDistGitConfig } from "../core/dist-git.ts";
import { TaskError } from "./errors.ts";
import { cloneRepository } from "./git.ts";
import type { TaskContext } from "./task-context.ts";

/** A dist-git repository ready to build: spec file and all sources lie in one directory. */
export interface DistGitCheckout {
  directory: string;
  spec: string;
}

/** Clones a dist-git repository and fetches its sources from the lookaside cache. */
export async function fetchDistGit(
  context: TaskContext,
  url: string,
  committish: string | null,
  packageName: string | undefined,
): Promise<DistGitCheckout> {
  const directory = await cloneRepository(context, url, committish);
  const spec = await findSpec(directory, packageName);
  await downloadSources({
    directory,
    cloneUrl: url,
    instances: await readDistGitConfig(context.settings.distGitConfigDirectory),
    transport: context.transport,
    signal: context.signal,
    onFile: (file) => context.log.say(`Downloading ${file}`),
  });
  await refuseLeavingLinks(directory);
  return { directory, spec };
}

/** The only spec file, or that of the package: upstream takes any, in the file system's order. */
async function findSpec(directory: string, packageName: string | undefined): Promise<string> {
  const specs = (await readdir(directory, { withFileTypes: true }))
    // The name becomes that of a result, and rpm expands macros in it.
    .filter((entry) => entry.isFile() && /^[A-Za-z0-9_][A-Za-z0-9._+~^-]*\.spec$/.test(entry.name))
    .map(({ name }) => name);
  const chosen = specs.length === 1 ? specs[0] : specs.find((name) => name === `${packageName}.spec`);
  if (chosen === undefined) {
    throw new TaskError(
      specs.length === 0 ? "The repository has no spec file" : `The repository has several spec files: ${specs.sort().join(", ")}`,
    );
  }
  return join(directory, chosen);
}

/** rpmbuild packs what a link points at, so a link out of the repository would publish a file of this host (security: C20, C35). */
async function refuseLeavingLinks(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const target = await realpath(path).catch(() => undefined);
    if (target !== undefined && !target.startsWith(`${directory}/`)) {
      throw new TaskError(`Refusing the link '${path.slice(directory.length + 1)}': it leads out of the repository`);
    }
  }
}
