import { basename } from "node:path";
import type { Nevra } from "../../core/api/types.ts";
import { packedSpecName } from "../../core/packaging/packed-spec.ts";
import { TaskError } from "../errors.ts";
import { requireSuccess, type TaskContext } from "../task/task-context.ts";

/** What the header of a source package says beyond its name. */
export interface SourceHeader extends Nevra {
  specName: string | undefined;
  buildArchs: string[];
  exclusiveArchs: string[];
  excludeArchs: string[];
}

const SEPARATOR = "\x1f";

/** Name, epoch, version, release and architecture of a package file; `src` for a source package. */
export async function queryPackage(context: Pick<TaskContext, "capture">, path: string): Promise<Nevra> {
  const [name = "", epoch, version = "", release = "", arch = "", isSource] = await queryFields(context, path, [
    "%{NAME}",
    "%{EPOCH}",
    "%{VERSION}",
    "%{RELEASE}",
    "%{ARCH}",
    "%{SOURCEPACKAGE}",
  ]);
  // rpmbuild lets nothing else through, but who says that it was rpmbuild that made the package?
  if (!isPlainName(name) || ![version, release, arch].every(isPlainVersion))
    throw new TaskError(`${basename(path)} has a header with an odd name or version`);
  return { name, epoch: numberOrNull(epoch), version, release, arch: isSource === "1" ? "src" : arch };
}

/** Whether a text can be the name of a package. */
export function isPlainName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(text);
}

/** Whether a text can be a version or a release. */
export function isPlainVersion(text: string): boolean {
  return /^[A-Za-z0-9._+~^]+$/.test(text);
}

/** The header of a source package. */
export async function querySource(context: Pick<TaskContext, "capture">, path: string): Promise<SourceHeader> {
  const nevra = await queryPackage(context, path);
  const [files = "", flags = "", sizes = "", buildArchs, exclusiveArchs, excludeArchs] = await queryFields(context, path, [
    "[%{FILENAMES}\n]",
    "[%{FILEFLAGS}\n]",
    "[%{LONGFILESIZES}\n]",
    "[%{BUILDARCHS} ]",
    "[%{EXCLUSIVEARCH} ]",
    "[%{EXCLUDEARCH} ]",
  ]);
  return {
    ...nevra,
    specName: packedSpecName(files.split("\n"), flags.split("\n"), sizes.split("\n")),
    buildArchs: words(buildArchs),
    exclusiveArchs: words(exclusiveArchs),
    excludeArchs: words(excludeArchs),
  };
}

async function queryFields(context: Pick<TaskContext, "capture">, path: string, formats: readonly string[]): Promise<string[]> {
  const result = await context.capture([
    "rpm",
    "-qp",
    "--nosignature",
    "--nomanifest",
    "--queryformat",
    formats.join(SEPARATOR),
    "--",
    path,
  ]);
  requireSuccess(result, `${basename(path)} is not a readable RPM package`);
  return result.stdout.toString().split(SEPARATOR);
}

function numberOrNull(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function words(text: string | undefined): string[] {
  const found = (text ?? "").split(/\s+/).filter((word) => word !== "" && word !== "(none)");
  return [...new Set(found)].sort();
}
