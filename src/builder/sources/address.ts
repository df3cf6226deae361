import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { fetchToFile, withoutSecrets } from "../../core/fetch-file.ts";
import { ensureDirectory } from "../../core/files.ts";
import { TaskError } from "../errors.ts";
import { querySource } from "../results/rpm-query.ts";
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
  context.log.say(`Downloading ${withoutSecrets(source.url)}`);
  await fetchToFile(context.transport, source.url, path, {
    signal: context.signal,
    maxBytes: isSpec ? MAX_SPEC_BYTES : MAX_SRPM_BYTES,
    attempts: context.settings.fetchAttempts,
    onRetry: (_, reason) => context.log.say(`${reason}; trying again`),
  });
  if (isSpec) return buildroot.buildSrpm(context, task, { spec: path, sources: directory });
  const { arch } = await querySource(context, path);
  if (arch !== "src") throw new TaskError(`${name} is a binary package, not a source package`);
  await rename(path, join(context.results, name));
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
