import type { Build, BuildChroot, BuildState } from "../api/types.ts";
import { isFinished } from "./finished-states.ts";

/** A build with its chroots, as one object. */
export interface BuildRecord {
  id: number;
  /** `owner/name`. */
  project: string;
  /** Known as soon as the source package is there, sometimes before. */
  package: string | null;
  version: string | null;
  state: BuildState;
  /** Page of the build. */
  url: string;
  /** Epoch seconds, as the two below; null where that has not happened, or the frontend does not say. */
  submitted_on: number | null;
  started_on: number | null;
  ended_on: number | null;
  chroots: ChrootRecord[];
}

/** A build's part in one chroot. */
export interface ChrootRecord {
  name: string;
  state: BuildState;
  /** Epoch seconds. */
  started_on: number | null;
  ended_on: number | null;
  /** Ends in `/`; null before there is a result directory. */
  result_url: string | null;
  /** Log of the builder, while it grows and afterwards. */
  log_url: string | null;
}

/** Page of a build. As upstream makes it: a path in the frontend's address gets lost, and no build has the page `None`. */
export function buildUrl(coprUrl: string, id: number | null): string {
  return new URL(`/coprs/build/${id ?? "None"}`, coprUrl).href;
}

/** Page of a project, or of a directory of it, `project:dir`, which is a list of its builds. */
export function projectUrl(coprUrl: string, ownername: string, projectname: string, dirname = projectname): string {
  const page = new URL(`/coprs/${ownerPath(ownername)}/${encodeURIComponent(projectname)}/`, coprUrl).href;
  return dirname === projectname ? page : `${page}builds/?dirname=${encodeURIComponent(dirname)}`;
}

/** Page of a package of a project. */
export function packageUrl(coprUrl: string, ownername: string, projectname: string, name: string): string {
  return `${projectUrl(coprUrl, ownername, projectname)}package/${encodeURIComponent(name)}/`;
}

/** Groups are known by `@`, and have a branch of their own in addresses. */
function ownerPath(ownername: string): string {
  return ownername.startsWith("@") ? `g/${encodeURIComponent(ownername.slice(1))}` : encodeURIComponent(ownername);
}

/**
 * Joins what the frontend says of a build and of its chroots; without the latter their names are all that is known. What an
 * answer lacks is null, whatever the type promises: nobody who reads a record has to tell the two apart.
 */
export function buildRecord(coprUrl: string, build: Build, chroots?: readonly BuildChroot[]): BuildRecord {
  const { id, ownername, projectname, state, submitted_on, started_on, ended_on } = build;
  return {
    id,
    project: `${ownername}/${projectname}`,
    package: build.source_package?.name ?? null,
    version: build.source_package?.version ?? null,
    state,
    url: buildUrl(coprUrl, id),
    submitted_on: submitted_on ?? null,
    started_on: started_on ?? null,
    ended_on: ended_on ?? null,
    chroots: chroots?.map(chrootRecord) ?? (build.chroots ?? []).map(unknownChroot),
  };
}

/** One chroot of a build. */
export function chrootRecord({ name, state, started_on, ended_on, result_url }: BuildChroot): ChrootRecord {
  const resultUrl = result_url ?? null;
  return {
    name,
    state,
    started_on: started_on ?? null,
    ended_on: ended_on ?? null,
    result_url: resultUrl,
    log_url: liveLogUrl(resultUrl, state),
  };
}

/** The log that has everything, from the first line on while the build runs. */
export const LIVE_LOG = "builder-live.log";

/** Address of that log in a result directory: a finished one is packed. Null where there is no directory yet. */
export function liveLogUrl(resultUrl: string | null, state: BuildState): string | null {
  return resultUrl === null ? null : `${resultUrl}${LIVE_LOG}${isFinished(state) ? ".gz" : ""}`;
}

function unknownChroot(name: string): ChrootRecord {
  return { name, state: "waiting", started_on: null, ended_on: null, result_url: null, log_url: null };
}
