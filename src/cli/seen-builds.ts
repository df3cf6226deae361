import type { SeenBuild } from "../core/account/seen-builds.ts";
import type { Build } from "../core/api/index.ts";
import type { BuildRecord } from "../core/builds/build-record.ts";
import type { Context } from "./context.ts";

/** Keeps builds for the completion of the next command line: where a person is at the terminal, scripts type no TAB. */
export async function noteSeen(context: Context, builds: readonly SeenBuild[]): Promise<void> {
  const { showsProgress, isWatched } = context.terminal;
  if (builds.length === 0 || (!showsProgress && !isWatched)) return;
  const [{ coprUrl }, { noteBuilds }] = await Promise.all([context.config(), import("../core/account/seen-builds.ts")]);
  await noteBuilds(coprUrl, builds);
}

/** A build as the frontend tells it. */
export function seenBuild({ id, ownername, projectname, source_package: source, state }: Build): SeenBuild {
  return { id, project: `${ownername}/${projectname}`, package: nevr(source?.name, source?.version), state };
}

/** A build as it is watched and shown. */
export function seenRecord({ id, project, package: name, version, state }: BuildRecord): SeenBuild {
  return { id, project, package: nevr(name, version), state };
}

/** A build of which no more than the number is known, or its state. */
export function seenNumber(id: number, state: string | null = null): SeenBuild {
  return { id, project: null, package: null, state };
}

function nevr(name: string | null | undefined, version: string | null | undefined): string | null {
  return name ? `${name}${version ? `-${version}` : ""}` : null;
}
