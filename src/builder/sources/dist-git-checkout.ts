import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { downloadSources } from "../../core/packaging/dist-git.ts";
import { findDistGitInstance, readDistGitConfig } from "../../core/packaging/dist-git-config.ts";
import { TaskError } from "../errors.ts";
import { cloneRepository, referenceOf } from "./git.ts";
import { findInside, refuseLeavingLinks } from "./repository-paths.ts";
import { FetchOutage } from "../task/fetch-outage.ts";
import type { TaskContext } from "../task/task-context.ts";

/** A dist-git repository ready to build. */
export interface DistGitCheckout {
  /** Where the sources are. */
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
  const { settings, transport, signal, log } = context;
  const clone = await cloneRepository(context, { url, committish });
  const instance = findDistGitInstance(await readDistGitConfig(settings.distGitConfigDirectory), url);
  const specs = await requireDirectory(clone, instance?.specs ?? ".");
  const specName = await findSpec(specs, packageName);
  let asked = url;
  const outage = new FetchOutage("server", (_, reason) => log.say(`${reason}; trying again`));
  await downloadSources({
    directory: clone,
    cloneUrl: url,
    instance,
    specName,
    reference: () => referenceOf(context, clone, committish),
    transport,
    signal,
    attempts: settings.fetchAttempts,
    onFile: (file) => {
      asked = file;
      outage.begin();
      log.say(`Downloading ${file}`);
    },
    onRetry: outage.onRetry,
  }).catch((error: unknown) => {
    throw outage.named(error, asked);
  });
  await refuseLeavingLinks(clone);
  return { directory: (await findInside(clone, instance?.sources ?? ".")) ?? specs, spec: join(specs, specName) };
}

async function requireDirectory(clone: string, path: string): Promise<string> {
  const found = await findInside(clone, path);
  if (found === undefined) throw new TaskError(`The repository has no directory '${path}', where its server keeps spec files`);
  return found;
}

/** The only spec file, or that of the package: upstream takes any, in the file system's order. */
async function findSpec(directory: string, packageName: string | undefined): Promise<string> {
  const specs = (await readdir(directory, { withFileTypes: true }))
    // The name becomes that of a result, and rpm expands macros in it.
    .filter((entry) => entry.isFile() && /^[A-Za-z0-9_][A-Za-z0-9._+~^-]*\.spec$/.test(entry.name))
    .map(({ name }) => name);
  const chosen = specs.length === 1 ? specs[0] : specs.find((name) => name === `${packageName}.spec`);
  if (chosen !== undefined) return chosen;
  throw new TaskError(
    specs.length === 0 ? "The repository has no spec file" : `The repository has several spec files: ${specs.sort().join(", ")}`,
  );
}
