import { copyFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeFileError } from "../../core/errors.ts";
import { fetchToFile } from "../../core/http/fetch-file.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { TaskError } from "../errors.ts";
import { querySource } from "../results/rpm-query.ts";
import { FetchOutage } from "../task/fetch-outage.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { SourceProvider, SourceRequest } from "./source.ts";

/** A source package or spec file anywhere in the web. */
export const link: SourceProvider<"link"> = { type: "link", produceSrpm: fetchSource };

/** The same, uploaded to the frontend by the user. */
export const upload: SourceProvider<"upload"> = { type: "upload", produceSrpm: fetchSource };

const MAX_SRPM_BYTES = 50 * 1024 ** 3;
const MAX_SPEC_BYTES = 10 * 1024 ** 2;

async function fetchSource(
  context: TaskContext,
  { task, source, buildroot }: SourceRequest<"link"> | SourceRequest<"upload">,
): Promise<void> {
  const name = fileNameOf(source.url);
  const directory = join(context.workDirectory, "download");
  await ensureDirectory(directory);
  const path = join(directory, name);
  const isSpec = name.endsWith(".spec");
  if (/^file:/i.test(source.url)) await copyLocal(source.url, path);
  else await download(context, source.url, path, isSpec ? MAX_SPEC_BYTES : MAX_SRPM_BYTES);
  if (isSpec) return buildroot.buildSrpm(context, task, { spec: path, sources: directory });
  const { arch } = await querySource(context, path);
  if (arch !== "src") throw new TaskError(`${name} is a binary package, not a source package`);
  await rename(path, join(context.results, name));
}

/** Of definitions that the local user wrote: in others the address would have been refused. */
async function copyLocal(url: string, path: string): Promise<void> {
  try {
    await copyFile(fileURLToPath(url), path);
  } catch (error) {
    throw new TaskError(`Cannot read '${url}': ${describeFileError(error)}`, { cause: error });
  }
}

async function download({ transport, signal, settings, log }: TaskContext, url: string, path: string, maxBytes: number): Promise<void> {
  log.say(`Downloading ${withoutSecrets(url)}`);
  const outage = new FetchOutage("server", (_, reason) => log.say(`${reason}; trying again`));
  const options = { signal, maxBytes, attempts: settings.fetchAttempts, onRetry: outage.onRetry };
  await fetchToFile(transport, url, path, options).catch((error: unknown) => {
    throw outage.named(error, url);
  });
}

/** File name of an address. Decoded first, then taken apart: `..%2F..%2Fx.src.rpm` must not name a directory (security: C7, C8). */
function fileNameOf(url: string): string {
  let name: string;
  try {
    name = basename(decodeURIComponent(new URL(url).pathname));
  } catch (cause) {
    throw new TaskError(`The address ${withoutSecrets(url)} can't be decoded`, { cause });
  }
  if (/^[A-Za-z0-9_][A-Za-z0-9._+~^-]*\.((src|nosrc)\.rpm|spec)$/.test(name)) return name;
  throw new TaskError(`The address is not of a .spec or .src.rpm file with a plain name: ${withoutSecrets(url)}`);
}
