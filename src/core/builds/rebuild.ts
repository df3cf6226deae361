import { basename } from "node:path";
import { listBuildChroots } from "../api/build-chroots.ts";
import {
  buildSource,
  buildUpload,
  buildUrls,
  checkBeforeBuild,
  getBuild,
  getSourceBuildConfig,
  type BuildOptions,
  type Submission,
} from "../api/builds.ts";
import { buildPackage } from "../api/packages.ts";
import type { Build, SourceBuildConfig } from "../api/types.ts";
import { CoprError, ResponseError } from "../errors.ts";
import { withPrivateDirectory } from "../files/private-directory.ts";
import type { Transport } from "../http/transport.ts";
import { withoutSecrets } from "../text/without-secrets.ts";
import { type ChrootChoice, chooseChroots, type LeftOutChroot } from "./chroot-choice.ts";
import { KnownProjects } from "./known-projects.ts";
import { originalOptions } from "./original-options.ts";
import { hasOwnSource, isSourceOf, type OriginalSource, originalSource, type UploadedSource } from "./original-source.ts";
import type { SentSource } from "./sent-source.ts";
import { fetchSourcePackage } from "./source-package-again.ts";
import { isDoubtfulAnswer, submitOnce } from "./submit-once.ts";

/** A build that is to be made again. */
export interface RebuildPlan {
  /** Number of the build. */
  old: number;
  ownername: string;
  projectname: string;
  /** Directory of the project, `prj:pr:12`; equal to `projectname` for the main one. */
  project_dirname: string;
  /** Its package, where that is known. */
  package: string | null;
  /**
   * What it is built in, never none where something is built. Null is what the old build was submitted with and what it never
   * came to know: the chroots of its package.
   */
  chroots: string[] | null;
  leftOut: LeftOutChroot[];
  /** Why nothing is built, `none of its chroots failed`; null where something is. */
  nothing: string | null;
  /** The package was asked for: its own source is taken, also one that was changed since. */
  isOfPackage: boolean;
}

/** How builds are made again. */
export interface RebuildOptions {
  /** In place of what the old build had. */
  options?: BuildOptions | undefined;
  /** What is known already of the projects of several builds. */
  known?: KnownProjects | undefined;
  signal?: AbortSignal | undefined;
  /** Whose the new build is; asked for only when it has to be looked for, after a connection that broke. */
  submitter?: (() => Promise<string | undefined>) | undefined;
  /** Builds that are known to be others, though they may be of the same source. */
  others?: ReadonlySet<number> | undefined;
  /** Hears that a source package is fetched and sent again. */
  onUpload?: ((path: string) => void) | undefined;
}

/**
 * Makes a build again: of its own source, in its own directory and chroots, with its own options as far as the frontend tells
 * them. That is all but `isolation`, Packit's project and the batch. Throws CoprError where nothing is left to be built.
 */
export async function rebuild(
  transport: Transport,
  id: number,
  { failed, chroots, known = new KnownProjects(transport), ...options }: ChrootChoice & RebuildOptions = {},
): Promise<Build> {
  const plan = await planRebuild(transport, id, { failed, chroots }, known);
  if (plan.nothing !== null) throw new CoprError(`Build ${id} can't be made again: ${plan.nothing}.`);
  return submitRebuild(transport, plan, { ...options, known });
}

/** Finds out what making a build again would mean; changes nothing. Throws UsageError for a chroot that there is not. */
export async function planRebuild(
  transport: Transport,
  id: number,
  choice: ChrootChoice,
  known: KnownProjects = new KnownProjects(transport),
): Promise<RebuildPlan> {
  const build = await getBuild(transport, id);
  const { ownername, projectname, project_dirname } = build;
  const common = { old: id, ownername, projectname, project_dirname, package: build.source_package?.name ?? null, isOfPackage: false };
  const [built, enabled] = [await listBuildChroots(transport, id), await known.chroots(build)];
  if (built.length === 0 && choice.failed) {
    const reason = build.state === "failed" ? "it failed before it had any chroots" : "none of its chroots failed";
    return { ...common, chroots: [], leftOut: [], nothing: reason };
  }
  // Chroots that somebody chose are there from the beginning, so nobody did.
  if (built.length === 0 && choice.chroots === undefined) return { ...common, chroots: null, leftOut: [], nothing: null };
  const { chroots, leftOut } = await chooseChroots(`build ${id}`, built, enabled, choice);
  return { ...common, chroots, leftOut, nothing: reasonForNothing(chroots, leftOut, choice) };
}

/** Why nothing is built; null where something is. */
function reasonForNothing(chroots: readonly string[], leftOut: readonly LeftOutChroot[], { failed = false }: ChrootChoice): string | null {
  if (chroots.length > 0) return null;
  if (leftOut.length > 0) return "none of its chroots is enabled in the project";
  return failed ? "none of its chroots failed" : "it has no chroots";
}

/**
 * Submits what was planned, once, also when the connection breaks on the way. Throws CoprError where the source can't be had,
 * or when the frontend refuses.
 */
export async function submitRebuild(transport: Transport, plan: RebuildPlan, options: RebuildOptions = {}): Promise<Build> {
  // An empty list would be all of them to the frontend.
  if (plan.chroots?.length === 0) throw new CoprError(`There is nothing to build of build ${plan.old}: ${plan.nothing ?? "no chroots"}.`);
  const { known = new KnownProjects(transport) } = options;
  const config = await getSourceBuildConfig(transport, plan.old);
  const { ownername, projectname, project_dirname, chroots } = plan;
  const submission: Submission = {
    ownername,
    projectname,
    project_dirname,
    chroots,
    ...(await originalOptions(transport, plan, config, known)),
    ...options.options,
  };
  const name = await packageToBuild(plan, config, known);
  const sending: Sending = { transport, plan, submission, options };
  if (name === undefined) return submitSource(sending, originalSource(config));
  return sendOnce(sending, { type: "package", name }, () => buildPackage(transport, name, submission));
}

/** The package whose source is the build's, so that it may be built by its name. */
async function packageToBuild(plan: RebuildPlan, config: SourceBuildConfig, known: KnownProjects): Promise<string | undefined> {
  if (plan.package === null || ["link", "upload"].includes(config.source_type)) return undefined;
  const owner = await known.packageOf(plan, plan.package);
  if (owner === undefined || !hasOwnSource(owner)) return undefined;
  // What somebody submitted by other means than the package's was meant as it was.
  const isMeant = plan.isOfPackage ? owner.source_type === config.source_type : isSourceOf(owner, config);
  return isMeant ? owner.name : undefined;
}

interface Sending {
  transport: Transport;
  plan: RebuildPlan;
  submission: Submission;
  options: RebuildOptions;
}

function sendOnce({ transport, plan, options }: Sending, source: SentSource, send: () => Promise<Build>): Promise<Build> {
  const { ownername, projectname, project_dirname: dirname, chroots } = plan;
  const { submitter = async () => undefined, others = [], signal } = options;
  const sent = { project: { ownername, projectname }, dirname, source, chroots, submitter, others: new Set([plan.old, ...others]) };
  return submitOnce(transport, sent, send, { signal, isDoubtful: isDoubtfulAnswer });
}

async function submitSource(sending: Sending, source: OriginalSource): Promise<Build> {
  const { transport, submission } = sending;
  if (source.kind === "upload") return uploadAgain(sending, source);
  if (source.kind === "source") {
    const { type, fields } = source;
    return sendOnce(sending, { type, fields } as SentSource, () => buildSource(transport, type, fields, submission));
  }
  return sendOnce(sending, { type: "link", url: source.url }, async () => {
    const [build] = await buildUrls(transport, [source.url], submission);
    if (build) return build;
    throw new ResponseError(`The frontend made no build of ${withoutSecrets(source.url)}`);
  });
}

/** Fetches the source package and sends it once more; nothing of it stays here. */
async function uploadAgain(sending: Sending, source: UploadedSource): Promise<Build> {
  const { transport, plan, submission, options } = sending;
  const { signal, onUpload } = options;
  // Who may not build here should not fetch gigabytes to be told so.
  await checkBeforeBuild(transport, submission);
  const build = await getBuild(transport, plan.old);
  return withPrivateDirectory("rebuild-", async (directory) => {
    const path = await fetchSourcePackage(transport, { build, source, directory, signal });
    onUpload?.(path);
    return sendOnce(sending, { type: "upload", file: basename(path) }, () => buildUpload(transport, path, submission));
  });
}
