import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { CoprError } from "../errors.ts";
import type { ProcessOptions } from "../process/start.ts";
import { extractFromSrpm } from "./srpm-content.ts";

/** No spec file is larger; a bomb might be. */
export const maxSpecBytes = 10 * 1024 * 1024;

/** RPMFILE_SPECFILE of librpm. */
const SPEC_FILE = 1 << 5;

/**
 * Name of the spec file in a source package, from the lists of its header. The header is a stranger's: it may name a path, or
 * several spec files, or a name that is more than one line; CoprError then. What was not made by rpmbuild may mark no file as
 * the spec file; then its ending tells. Undefined when there is none.
 */
export function packedSpecName(names: readonly string[], flags: readonly string[], sizes: readonly string[]): string | undefined {
  if (names.length !== flags.length) throw new CoprError("The source package holds files with odd names");
  const files = names.map((name, index) => ({ name, size: Number(sizes[index]), isMarked: (Number(flags[index]) & SPEC_FILE) !== 0 }));
  const marked = files.filter(({ isMarked }) => isMarked);
  const specs = marked.length > 0 ? marked : files.filter(({ name }) => name.endsWith(".spec"));
  const [spec] = specs;
  if (spec === undefined) return undefined;
  if (specs.length > 1) throw new CoprError("The source package holds several spec files");
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+~^-]*\.spec$/.test(spec.name))
    throw new CoprError(`The source package's spec file has no plain name: ${JSON.stringify(spec.name.slice(0, 200))}`);
  if (!(spec.size <= maxSpecBytes)) throw new CoprError(`The spec file '${spec.name}' in the source package is too large`);
  return spec.name;
}

/**
 * Unpacks the spec file of a source package into a private directory. Names inside a package are a stranger's:
 * only the named one is taken, and only if it comes out as a plain file there (security: C7, C9). Throws CoprError.
 */
export async function unpackSpec(
  srpm: string,
  name: string,
  directory: string,
  options: Pick<ProcessOptions, "env" | "signal">,
): Promise<void> {
  await extractFromSrpm({ srpm, directory, names: [name], ...options });
  const info = await lstat(join(directory, name)).catch(() => undefined);
  if (!info?.isFile() || info.nlink > 1 || info.size > maxSpecBytes)
    throw new CoprError(`The spec file '${name}' can't be taken out of the source package`);
}
