import { getMonitor } from "../api/general.ts";
import { listPackages } from "../api/packages.ts";
import type { Monitor, MonitoredChroot, ProjectRef } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";
import { anyMatcher, onlyEnabled, requireMatches } from "./chroot-choice.ts";
import { KnownProjects } from "./known-projects.ts";
import type { RebuildPlan } from "./rebuild.ts";

/** A project, or one directory of it, that is to be built again. */
export interface ProjectRebuildRequest extends ProjectRef {
  ownername: string;
  /** `project:dir`; equal to `projectname` for the main one. */
  project_dirname: string;
  /** Also what did not fail. */
  all?: boolean | undefined;
  /** Names of packages, as a glob pattern. */
  package?: string | undefined;
  /** Names of chroots, or glob patterns. */
  chroots?: readonly string[] | undefined;
}

type MonitoredPackage = Monitor["packages"][number];

/**
 * What there is to build again of a project: for each package one build, in the chroots where its last build failed, or with
 * `all` in those where it was built. Costs two requests, however many packages there are; packages of which nothing is to be
 * built are left out, but for those that can't be. Throws UsageError for a pattern that nothing matches.
 */
export async function planProjectRebuild(
  transport: Transport,
  request: ProjectRebuildRequest,
  known: KnownProjects = new KnownProjects(transport),
): Promise<RebuildPlan[]> {
  const { ownername, projectname, project_dirname: dirname, chroots: patterns = [], package: pattern } = request;
  const what = `${ownername}/${dirname}`;
  const enabled = await known.chroots(request);
  await requireMatches(what, patterns, enabled);
  const { packages } = await getMonitor(transport, { ownername, projectname }, dirname === projectname ? {} : { project_dirname: dirname });
  if (pattern !== undefined) await requirePackage(transport, request, packages);
  const isNamed = pattern === undefined ? () => true : await anyMatcher([pattern]);
  const isChroot = request.chroots === undefined ? () => true : await anyMatcher(patterns);
  return packages.filter(({ name }) => isNamed(name)).flatMap((one) => planPackage(request, one, enabled, isChroot) ?? []);
}

/** A package may be known and have no builds: its name is no mistake then. */
async function requirePackage(transport: Transport, request: ProjectRebuildRequest, packages: readonly MonitoredPackage[]): Promise<void> {
  const { ownername, projectname, project_dirname, package: pattern = "" } = request;
  const built = packages.map(({ name }) => name);
  if (built.some(await anyMatcher([pattern]))) return;
  const names: string[] = [];
  for await (const { name } of listPackages(transport, { ownername, projectname })) names.push(name);
  await requireMatches(`${ownername}/${project_dirname}`, [pattern], names, names, "package");
}

/** What of a package is to be built again; undefined where that is nothing. */
function planPackage(
  { ownername, projectname, project_dirname, all = false, chroots: patterns }: ProjectRebuildRequest,
  { name, chroots: cells }: MonitoredPackage,
  enabled: readonly string[],
  isNamed: (chroot: string) => boolean,
): RebuildPlan | undefined {
  const named = Object.entries(cells).filter(([chroot]) => isNamed(chroot));
  const wanted = named.filter(([, { state }]) => (all ? state !== "forked" : state === "failed"));
  // A whole name may be that of a chroot the project has got since.
  const added = all ? enabled.filter((chroot) => patterns?.includes(chroot) && !Object.hasOwn(cells, chroot)) : [];
  const { chroots, leftOut } = onlyEnabled([...wanted.map(([chroot]) => chroot), ...added], enabled);
  if (all) leftOut.push(...named.filter(([, { state }]) => state === "forked").map(([chroot]) => ({ chroot, reason: FORKED })));
  const old = newestBuild(chroots.length > 0 ? chroots.map((chroot) => cells[chroot]) : []) ?? newestBuild(Object.values(cells));
  if (old === undefined || (chroots.length === 0 && leftOut.length === 0)) return undefined;
  const nothing = chroots.length > 0 ? null : `in ${leftOut.map(({ chroot, reason }) => `${chroot} ${reason}`).join(", in ")}`;
  // What is built in other directories is meant to differ from the package: a pull request, say.
  const isOfPackage = project_dirname === projectname;
  return { old, ownername, projectname, project_dirname, package: name, chroots, leftOut, nothing, isOfPackage };
}

const FORKED = "it was forked and not built here";

function newestBuild(cells: readonly (MonitoredChroot | undefined)[]): number | undefined {
  const ids = cells.flatMap((cell) => cell?.build_id ?? []);
  return ids.length === 0 ? undefined : Math.max(...ids);
}
