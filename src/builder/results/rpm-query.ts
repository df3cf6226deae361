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
/** Behind the last field of a package. */
const END = "\x1e";

const NEVRA_FIELDS = ["%{NAME}", "%{EPOCH}", "%{VERSION}", "%{RELEASE}", "%{ARCH}", "%{SOURCEPACKAGE}"];

/** So many packages are asked for at once, which keeps a command line far below what the system takes. */
const PACKAGES_AT_ONCE = 200;

/**
 * Name, epoch, version, release and architecture of package files, in their order; `src` for a source package. Many are
 * one start of rpm: a build with a hundred packages would wait for seconds otherwise.
 */
export async function queryPackages(context: Pick<TaskContext, "capture">, paths: readonly string[]): Promise<Nevra[]> {
  const found: Nevra[] = [];
  for (let at = 0; at < paths.length; at += PACKAGES_AT_ONCE) {
    const some = paths.slice(at, at + PACKAGES_AT_ONCE);
    const answers = await queryFields(context, some, NEVRA_FIELDS);
    found.push(...some.map((path, index) => nevraOf(path, answers[index] ?? [])));
  }
  return found;
}

function nevraOf(path: string, [name = "", epoch, version = "", release = "", arch = "", isSource]: readonly string[]): Nevra {
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
  const listFields = [
    "[%{FILENAMES}\n]",
    "[%{FILEFLAGS}\n]",
    "[%{LONGFILESIZES}\n]",
    "[%{BUILDARCHS} ]",
    "[%{EXCLUSIVEARCH} ]",
    "[%{EXCLUDEARCH} ]",
  ];
  const [fields = []] = await queryFields(context, [path], [...NEVRA_FIELDS, ...listFields]);
  const [files = "", flags = "", sizes = "", buildArchs, exclusiveArchs, excludeArchs] = fields.slice(NEVRA_FIELDS.length);
  return {
    ...nevraOf(path, fields),
    specName: packedSpecName(files.split("\n"), flags.split("\n"), sizes.split("\n")),
    buildArchs: words(buildArchs),
    exclusiveArchs: words(exclusiveArchs),
    excludeArchs: words(excludeArchs),
  };
}

/** The fields of each package. */
async function queryFields(
  context: Pick<TaskContext, "capture">,
  paths: readonly string[],
  formats: readonly string[],
): Promise<string[][]> {
  const format = `${formats.join(SEPARATOR)}${END}`;
  const result = await context.capture(["rpm", "-qp", "--nosignature", "--nomanifest", "--queryformat", format, "--", ...paths]);
  const packages = result.stdout.toString().split(END).slice(0, -1);
  const isComplete = packages.length === paths.length && packages.every((one) => one.split(SEPARATOR).length === formats.length);
  if (paths.length > 1 && (result.exitCode !== 0 || !isComplete)) {
    // One by one, to tell which of them it is.
    const each: string[][] = [];
    for (const path of paths) each.push(...(await queryFields(context, [path], formats)));
    return each;
  }
  const [name] = paths.map((path) => basename(path));
  requireSuccess(result, `${name} is not a readable RPM package`);
  if (!isComplete) throw new TaskError(`${name} has a header with odd fields`);
  return packages.map((one) => one.split(SEPARATOR));
}

function numberOrNull(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function words(text: string | undefined): string[] {
  const found = (text ?? "").split(/\s+/).filter((word) => word !== "" && word !== "(none)");
  return [...new Set(found)].sort();
}
