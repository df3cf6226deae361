import { basename } from "node:path";
import type { Nevra } from "../core/api/types.ts";
import { requireSuccess, type TaskContext } from "./task-context.ts";

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
  return { name, epoch: numberOrNull(epoch), version, release, arch: isSource === "1" ? "src" : arch };
}

/** The header of a source package. */
export async function querySource(context: Pick<TaskContext, "capture">, path: string): Promise<SourceHeader> {
  const nevra = await queryPackage(context, path);
  const [files = "", flags = "", buildArchs, exclusiveArchs, excludeArchs] = await queryFields(context, path, [
    "[%{FILENAMES}\n]",
    "[%{FILEFLAGS}\n]",
    "[%{BUILDARCHS} ]",
    "[%{EXCLUSIVEARCH} ]",
    "[%{EXCLUDEARCH} ]",
  ]);
  const fileFlags = flags.split("\n");
  const specName = files.split("\n").find((_, index) => (Number(fileFlags[index]) & SPEC_FILE) !== 0);
  return {
    ...nevra,
    specName: specName === undefined ? undefined : basename(specName),
    buildArchs: words(buildArchs),
    exclusiveArchs: words(exclusiveArchs),
    excludeArchs: words(excludeArchs),
  };
}

/** RPMFILE_SPECFILE of librpm. */
const SPEC_FILE = 1 << 5;

async function queryFields(context: Pick<TaskContext, "capture">, path: string, formats: readonly string[]): Promise<string[]> {
  const result = await context.capture(["rpm", "-qp", "--nosignature", "--queryformat", formats.join(SEPARATOR), "--", path]);
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
