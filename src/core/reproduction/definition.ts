import { getBuild } from "../api/builds.ts";
import type { Build } from "../api/types.ts";
import { type BuildPart, BuildSight, SOURCE } from "../builds/build-sight.ts";
import { askDirectory } from "../builds/directory-listing.ts";
import { meantPart } from "../builds/meant-part.ts";
import { CoprError, RequestError, ResponseError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { type BuildTask, InvalidTaskError, parseBuildTask } from "../task/build-task.ts";
import { chrootNamePattern, formatTaskId, type TaskId } from "../task/names.ts";
import { askBackend } from "./backend-definition.ts";
import { publishedCommit } from "./published-commit.ts";
import { isCloneable, isReachable } from "./reachable.ts";
import { rpmDefinition } from "./rpm-definition.ts";
import { sourceDefinition, withPublishedUpload } from "./source-definition.ts";

/** A build in one chroot, or its SRPM phase, with all that is needed to do it again. */
export interface Definition {
  build: Build;
  /** The chroot, or `srpm-builds`, and how it stands. */
  part: BuildPart;
  /** What the definition says: checked as a builder checks it, so that nothing hostile is passed on. */
  task: BuildTask;
  /** Whether it is the frontend's own definition, or made of what its API tells. */
  origin: "backend" | "api";
  /** Where a builder can fetch it; null when `wire` has to be written to a file for it. */
  url: string | null;
  /** The definition as a builder reads it, a JSON object. */
  wire: Record<string, unknown>;
  /** Published source package whose content has to take the place of a dist-git that nobody can clone; null for none. */
  srpmUrl: string | null;
  /** Why it is not simply the frontend's own definition, a sentence each. */
  notes: string[];
}

export interface DefinitionRequest {
  buildId: number;
  /** Name of a chroot or `srpm-builds`; without it the one that is meant, see `meantPart`. */
  chroot?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Finds the definition of a build. Throws AmbiguousChrootError when the chroot that is meant can't be told, ResponseError for
 * a definition that a builder would refuse, CoprError when nothing tells what was built.
 */
export async function findDefinition(transport: Transport, { buildId, chroot, signal }: DefinitionRequest): Promise<Definition> {
  const build = await getBuild(transport, buildId);
  const sight = new BuildSight(transport, buildId, Number.POSITIVE_INFINITY);
  const part = chroot === undefined ? await meantPart(sight, buildId, "name one") : await sight.part(chroot);
  if (part === undefined || (part.name !== SOURCE && !chrootNamePattern.test(part.name))) {
    throw new RequestError(`Build ${buildId} has no chroot '${chroot ?? part?.name}'.`, { status: 404 });
  }
  const id: TaskId = part.name === SOURCE ? { kind: "srpm", buildId } : { kind: "rpm", buildId, chroot: part.name };
  const answer = await askBackend(transport, id, signal);
  const search: Search = { transport, build, part, id, signal };
  if ("reason" in answer) {
    const notes = [`The frontend's own definition is not to be had (${answer.reason}): it is made of what the API tells.`];
    return found(search, { origin: "api", url: null, notes, ...(await makeDefinition(search)) });
  }
  return found(search, { origin: "backend", notes: [], ...(await usable(search, answer)) });
}

interface Search extends Pick<DefinitionRequest, "signal"> {
  transport: Transport;
  build: Build;
  part: BuildPart;
  id: TaskId;
}

/** A definition, and the source package that has to stand in for its dist-git. */
type Made = Pick<Definition, "wire" | "srpmUrl">;

/** Checks a definition. A stranger may have had a hand in it, or the frontend be hostile. */
function found({ build, part, id }: Search, made: Omit<Definition, "build" | "part" | "task">): Definition {
  try {
    const task = parseBuildTask(JSON.stringify(made.wire));
    if (task.task_id !== formatTaskId(id)) throw new InvalidTaskError(`It is of task ${task.task_id} instead of ${formatTaskId(id)}`);
    // A builder would take what the repository has today.
    if (task.kind === "rpm" && task.git_hash === null && made.srpmUrl === null) {
      throw new CoprError(`Build ${build.id} has nothing to build in ${part.name} yet: its state there is ${part.state}`);
    }
    return { build, part, task, ...made };
  } catch (error) {
    if (!(error instanceof InvalidTaskError)) throw error;
    throw new ResponseError(`The definition of ${formatTaskId(id)} is refused. ${error.message}`, { cause: error, hint: error.hint });
  }
}

/** The frontend's definition as it is, or with what an ordinary client can have. */
async function usable(
  search: Search,
  { url, wire }: { url: string; wire: Record<string, unknown> },
): Promise<Made & { url: string | null }> {
  const { transport, build, id, signal } = search;
  const unchanged = { url, wire, srpmUrl: null };
  if (id.kind === "srpm") {
    const changed = withPublishedUpload(wire, build);
    return changed === wire ? unchanged : { ...unchanged, url: null, wire: changed };
  }
  const repository = wire["git_repo"];
  if (typeof repository !== "string" || (await isCloneable(transport, repository, signal))) return unchanged;
  const srpmUrl = await findSrpm(search);
  return srpmUrl === undefined ? unchanged : { url: null, wire: { ...wire, ...NO_REPOSITORY }, srpmUrl };
}

/** A definition must name a repository; nobody asks this one. */
const NO_REPOSITORY = { git_repo: "https://localhost/", git_hash: null };

async function makeDefinition(search: Search): Promise<Made> {
  const { transport, build, part, id, signal } = search;
  if (id.kind === "srpm") return { wire: withPublishedUpload(await sourceDefinition(transport, build), build), srpmUrl: null };
  const commit = await publishedCommit(transport, part.resultUrl, signal);
  const isUsable = commit !== undefined && (await isCloneable(transport, commit.git_repo, signal));
  const srpmUrl = isUsable ? undefined : await findSrpm(search);
  if (!isUsable && srpmUrl === undefined) {
    throw new ResponseError(`Nothing tells what build ${build.id} was made of: neither its log nor a source package is there any more`);
  }
  const sources = isUsable ? commit : NO_REPOSITORY;
  return { wire: await rpmDefinition(transport, build, id.chroot, sources), srpmUrl: srpmUrl ?? null };
}

/** Address of a published source package with the build's sources: that of the SRPM phase, or the one beside the packages. */
async function findSrpm({ transport, build, part, signal }: Search): Promise<string | undefined> {
  const made = build.source_package?.url;
  if (made && /^https?:/i.test(made) && (await isReachable(transport, made, signal))) return made;
  if (part.resultUrl === null) return undefined;
  const { entries } = await askDirectory(transport, part.resultUrl, signal);
  return entries?.find((url) => url.endsWith(".src.rpm"));
}
