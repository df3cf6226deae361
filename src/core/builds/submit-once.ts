import { setTimeout as sleep } from "node:timers/promises";
import { getSourceBuildConfig, listBuilds } from "../api/builds.ts";
import type { Build, ProjectRef } from "../api/types.ts";
import { RequestError } from "../errors.ts";
import { mayHaveArrived } from "../http/connection-errors.ts";
import type { Transport } from "../http/transport.ts";
import { isMadeFrom, type SentSource } from "./sent-source.ts";

/** A build that was, or is to be, submitted, by what it can be told from others. */
export interface SentBuild {
  project: ProjectRef;
  /** Project directory; the main one when absent. */
  dirname?: string | undefined;
  source: SentSource;
  /** Names or globs of the chroots that were chosen; absent for all. One that was built for others is another build. */
  chroots?: readonly string[] | null | undefined;
  excludedChroots?: readonly string[] | undefined;
  /** Whose build it is. Asked for only when it has to be looked for; undefined when that is not known. */
  submitter: () => Promise<string | undefined>;
  /**
   * The newest build of the project before. When it is not known the server's clock has to do, in whole seconds: somebody's build
   * of the same source for the same chroots that is some two seconds older can't be told from this one.
   */
  newestBefore?: number | undefined;
  /** Builds that are known to be something else. */
  others?: ReadonlySet<number> | undefined;
}

export interface SubmitOptions {
  /** Waits between looks for the build, milliseconds: the server may still be at work. */
  waitsMs?: readonly number[] | undefined;
  /** Told when the connection broke and the build is looked for. */
  onTrouble?: ((reason: string) => void) | undefined;
  /** Whether to look for the build after an error. Default: after a broken connection, see also `isDoubtfulAnswer`. */
  isDoubtful?: ((error: unknown) => boolean) | undefined;
  signal?: AbortSignal | undefined;
}

/** A frontend inserts a build within a moment; its whole upload lies there by then. */
const LOOK_WAITS_MS = [1000, 5000] as const;
const MOST_TRIES = 3;

/**
 * Submits a build, once: when the connection breaks after the request was sent, the build is looked for by what was sent, and
 * only if it is not there the request is sent again. In the normal case this costs nothing. Throws what `send` throws, and
 * RequestError where several builds could be the one.
 */
export async function submitOnce(
  transport: Transport,
  sent: SentBuild,
  send: () => Promise<Build>,
  options: SubmitOptions = {},
): Promise<Build> {
  const { isDoubtful = mayHaveArrived, onTrouble, signal } = options;
  const startedAt = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (!isDoubtful(error)) throw error;
      signal?.throwIfAborted();
      onTrouble?.((error as Error).message.split("\n", 1)[0] as string);
      const found = await lookFor(transport, sent, error, { ...options, startedAt });
      if (found !== undefined) return found;
      if (tries >= MOST_TRIES) throw error;
    }
  }
}

/** Also a gateway's answer leaves open whether the frontend behind it has done something, and so does half an answer. */
export function isDoubtfulAnswer(error: unknown): boolean {
  if (mayHaveArrived(error)) return true;
  if (!(error instanceof RequestError) || (error.page === undefined && error.status !== 504)) return false;
  return error.status < 300 || (error.status >= 502 && error.status <= 504);
}

/** As `findSubmitted`; where nobody can be asked, the error is the broken connection's. */
async function lookFor(
  transport: Transport,
  sent: SentBuild,
  error: unknown,
  { startedAt, ...options }: SubmitOptions & { startedAt: number },
): Promise<Build | undefined> {
  const { message } = error as Error;
  const asUnknown = (cause: unknown): RequestError =>
    new RequestError(message, {
      cause,
      hint: "The build may have been submitted nevertheless: see 'copr-cli list-builds' before you try again.",
    });
  try {
    const since = sent.newestBefore === undefined ? await serverTimeAt(transport, startedAt) : undefined;
    // Without a bound any build of the past could be the one.
    if (since === undefined && sent.newestBefore === undefined) throw asUnknown(error);
    return await findSubmitted(transport, sent, { ...options, since });
  } catch (failure) {
    options.signal?.throwIfAborted();
    // What says already what can be done is told as it is.
    throw [failure, error].find((one) => one instanceof RequestError && one.hint !== undefined) ?? asUnknown(failure);
  }
}

/**
 * Looks for a build that was submitted, a few times; undefined when it is not there. Throws RequestError, which names them,
 * when several could be it.
 *
 * @param options.since epoch seconds by the server's clock, where the newest build before is not known
 */
export async function findSubmitted(
  transport: Transport,
  sent: SentBuild,
  { waitsMs = LOOK_WAITS_MS, signal, since }: SubmitOptions & { since?: number | undefined } = {},
): Promise<Build | undefined> {
  const submitter = await sent.submitter();
  for (const waitMs of [0, ...waitsMs]) {
    if (waitMs > 0) await sleep(waitMs, undefined, signal ? { signal } : {});
    const found = await matches(transport, sent, submitter, since);
    if (found.length > 1) throw severalMatches(found);
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}

const PAGE_LIMIT = 100;

async function matches(transport: Transport, sent: SentBuild, submitter: string | undefined, since = 0): Promise<Build[]> {
  const { project, dirname = project.projectname, source, newestBefore = 0, others } = sent;
  const found: Build[] = [];
  const mayBeFor = await chosenChroots(sent);
  for await (const build of listBuilds(transport, project, { limit: PAGE_LIMIT })) {
    if (build.id <= newestBefore) break;
    // A fork's builds are as new as the fork and as old as what they were copied of.
    if (build.state === "forked") continue;
    if (build.submitted_on < since) break;
    if (others?.has(build.id) || build.project_dirname !== dirname) continue;
    if (submitter !== undefined && build.submitter !== submitter) continue;
    if (!mayBeFor(build.chroots)) continue;
    if (isMadeFrom(source, build, await getSourceBuildConfig(transport, build.id))) found.push(build);
  }
  return found;
}

/**
 * Tells by its chroots whether a build may be the one. A frontend tells chosen ones at once, without those that the package is not
 * for, and of others none before the source is there.
 */
async function chosenChroots({ chroots, excludedChroots = [] }: SentBuild): Promise<(names: readonly string[] | undefined) => boolean> {
  const { globMatcher } = await import("../text/glob.ts");
  const chosen = chroots?.map(globMatcher) ?? [() => true];
  const excluded = excludedChroots.map(globMatcher);
  return (names = []) => names.every((name) => chosen.some((matches) => matches(name)) && !excluded.some((matches) => matches(name)));
}

function severalMatches(builds: readonly Build[]): RequestError {
  const ids = builds.map(({ id }) => id).toSorted((a, b) => a - b);
  return new RequestError(`The connection broke, and each of the builds ${ids.join(", ")} could be the one that was submitted.`, {
    hint: `Nothing was submitted again. See them with 'copr-cli get-build ${ids[0]}', and cancel the ones too many.`,
  });
}

/** Web servers of one frontend may differ by so much, and times are whole seconds. */
const CLOCK_MARGIN_S = 2;

/** What the server's clock showed at a moment of ours, epoch seconds; undefined when it tells no time. */
async function serverTimeAt(transport: Transport, moment: number): Promise<number | undefined> {
  const { headers, body } = await transport.get(`${transport.coprUrl.replace(/\/+$/, "")}/api_3/`);
  body.destroy();
  const now = Date.parse(String(headers["date"])) / 1000;
  if (Number.isNaN(now)) return undefined;
  return Math.floor(now - (performance.now() - moment) / 1000) - CLOCK_MARGIN_S;
}
