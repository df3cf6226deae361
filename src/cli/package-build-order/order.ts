import { type Build, getBuildChroot, listBuildsAtOnce } from "../../core/api/index.ts";
import type { Transport } from "../../core/http/transport.ts";

export interface OrderOptions {
  /** Only builds in this chroot; a build that failed elsewhere counts if it succeeded here. */
  chroot?: string | undefined;
  /** Name a package each time it was built, not only the first time. */
  listEach?: boolean | undefined;
}

/** Packages of a project as `name-version`, in the order in which they were built. */
export async function* buildOrder(
  transport: Transport,
  project: { ownername: string; projectname: string },
  { chroot, listEach = false }: OrderOptions,
): AsyncIterable<string> {
  const seen = new Set<string>();
  for (const build of (await listBuildsAtOnce(transport, project)).toReversed()) {
    if (!(await counts(transport, build, chroot))) continue;
    const { name, version } = build.source_package;
    const label = `${name}-${version}`;
    if (!listEach && seen.has(label)) continue;
    seen.add(label);
    yield label;
  }
}

async function counts(transport: Transport, { id, state, chroots }: Build, chroot: string | undefined): Promise<boolean> {
  if (chroot !== undefined && !chroots.includes(chroot)) return false;
  if (state === "succeeded") return true;
  if (chroot === undefined || chroots.length === 1) return false;
  return (await getBuildChroot(transport, id, chroot)).state === "succeeded";
}
