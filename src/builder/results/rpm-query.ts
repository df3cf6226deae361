import { basename } from "node:path";
import type { Nevra } from "../../core/api/types.ts";
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
    specName: specNameOf(files.split("\n"), flags.split("\n"), sizes.split("\n")),
    buildArchs: words(buildArchs),
    exclusiveArchs: words(exclusiveArchs),
    excludeArchs: words(excludeArchs),
  };
}

/** RPMFILE_SPECFILE of librpm. */
const SPEC_FILE = 1 << 5;

/** No spec file is larger; a bomb might be. */
export const maxSpecBytes = 10 * 1024 * 1024;

/**
 * The header is a stranger's, too: it may name a path, or several spec files, or a name that is more than one line. What was
 * not made by rpmbuild may mark no file as the spec file; then its ending tells.
 */
function specNameOf(names: readonly string[], flags: readonly string[], sizes: readonly string[]): string | undefined {
  if (names.length !== flags.length) throw new TaskError("The source package holds files with odd names");
  const files = names.map((name, index) => ({ name, size: Number(sizes[index]), isMarked: (Number(flags[index]) & SPEC_FILE) !== 0 }));
  const marked = files.filter(({ isMarked }) => isMarked);
  const specs = marked.length > 0 ? marked : files.filter(({ name }) => name.endsWith(".spec"));
  const [spec] = specs;
  if (spec === undefined) return undefined;
  if (specs.length > 1) throw new TaskError("The source package holds several spec files");
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+~^-]*\.spec$/.test(spec.name))
    throw new TaskError(`The source package's spec file has no plain name: ${JSON.stringify(spec.name.slice(0, 200))}`);
  if (!(spec.size <= maxSpecBytes)) throw new TaskError(`The spec file '${spec.name}' in the source package is too large`);
  return spec.name;
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
