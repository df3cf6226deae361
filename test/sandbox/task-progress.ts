import { basename, dirname, join } from "node:path";
import type { PendingTask } from "./backend.ts";
import { buildState, failSource, isFinished, newBuildChroot } from "./build-state.ts";
import { type DistGit, importSrpm } from "./dist-git.ts";
import type { Build, BuildChroot } from "./models.ts";
import { projectResults, readResults, type RpmResults, type SrpmResults } from "./published-results.ts";
import type { RepositoryMaker } from "./repository-maker.ts";
import { findSrpm } from "./srpm.ts";
import { distribution } from "./tasks.ts";
import { resultUrl } from "./wire.ts";
import { now, type World } from "./world.ts";

/** How the frontend follows one task from the moment a builder is found for it. */
export interface TaskProgress {
  name: string;
  /** Where the results are published. */
  directory: string;
  starting(): void;
  running(): void;
  succeeded(): Promise<void>;
  failed(): void;
}

export interface ProgressContext {
  world: World;
  distGit: DistGit;
  repositories: RepositoryMaker;
  resultsDirectory: string;
  onEvent: (line: string) => void;
}

export function taskProgress(context: ProgressContext, { build, chroot: name }: PendingTask): TaskProgress {
  const chroot = build.chroots.find((each) => each.name === name);
  return chroot === undefined ? sourceProgress(context, build) : chrootProgress(context, build, chroot);
}

function sourceProgress(context: ProgressContext, build: Build): TaskProgress {
  const directory = join(projectResults(context.resultsDirectory, build), "srpm-builds", paddedId(build));
  let startedOn = now();
  const move = (state: Build["source_state"]) => {
    build.source_state = state;
    announce(context, build);
  };
  return {
    name: `build ${build.id}`,
    directory,
    starting() {
      build.source_result_dir = basename(directory);
      move("starting");
    },
    running() {
      startedOn = now();
      move("running");
    },
    async succeeded() {
      const srpm = await findSrpm(directory);
      takeSource(context, build, await readResults<SrpmResults>(directory), srpm);
      move("importing");
      await importSource(context, build, srpm);
      announce(context, build);
    },
    failed() {
      failSource(build, { started_on: startedOn, ended_on: now() });
      announce(context, build);
    },
  };
}

/** Now that the package is known, its chroots are too, but for those its architecture tags exclude. */
function takeSource(context: ProgressContext, build: Build, results: SrpmResults, srpm: string): void {
  const { world } = context;
  const epoch = results.epoch ? `${results.epoch}:` : "";
  build.version = `${epoch}${results.version}-${results.release}`;
  build.srpm_url = `${resultUrl(world, build, "srpm-builds", build.source_result_dir)}${basename(srpm)}`;
  build.package ??= world.findPackage(build.project, results.name) ?? world.addPackage(build.project, results.name, build.source);
  if (build.options.chroots === null) build.chroots = [...build.project.chroots.keys()].map(newBuildChroot);
  for (const chroot of build.chroots) {
    if (isExcluded(chroot.name, results)) chroot.state = "skipped";
  }
}

/** The frontend reads the tags of every distribution unconditionally, so a missing one is an error. */
function isExcluded(chroot: string, results: SrpmResults): boolean {
  const tags = results.architecture_specific_tags[distribution(chroot)];
  if (tags === undefined) throw new Error(`results.json has no architecture tags for ${distribution(chroot)}`);
  const architecture = chroot.slice(chroot.lastIndexOf("-") + 1);
  const { exclusivearch = [], excludearch = [] } = tags;
  return (exclusivearch.length > 0 && !exclusivearch.includes(architecture)) || excludearch.includes(architecture);
}

async function importSource(context: ProgressContext, build: Build, srpm: string): Promise<void> {
  try {
    const commits = await importSrpm(context.distGit, build, build.package?.name ?? "", srpm);
    await createSideRepositories(context, build);
    if (build.canceled) return;
    build.source_state = "succeeded";
    for (const chroot of build.chroots) {
      chroot.git_hash = commits.get(chroot.name) ?? null;
      if (chroot.state === "waiting") chroot.state = "pending";
    }
  } catch (error) {
    context.onEvent(`build ${build.id}: import failed: ${String(error)}`);
    failSource(build, null);
  }
}

/** A directory beside the project's own becomes a repository with its first build. */
async function createSideRepositories(context: ProgressContext, build: Build): Promise<void> {
  if (build.options.project_dirname === build.project.name) return;
  for (const chroot of build.chroots) {
    await context.repositories.update(join(projectResults(context.resultsDirectory, build), chroot.name));
  }
}

function chrootProgress(context: ProgressContext, build: Build, chroot: BuildChroot): TaskProgress {
  const name = `${paddedId(build)}-${build.package?.name}`;
  const directory = join(projectResults(context.resultsDirectory, build), chroot.name, name);
  const move = (change: Partial<BuildChroot>) => {
    Object.assign(chroot, change);
    context.onEvent(`build ${build.id}: ${chroot.name} ${chroot.state}`);
    if (isFinished(build)) announce(context, build);
  };
  return {
    name: `build ${build.id}: ${chroot.name}`,
    directory,
    starting: () => move({ state: "starting", result_dir: name }),
    running: () => move({ state: "running", started_on: now() }),
    async succeeded() {
      chroot.built_packages = (await readResults<RpmResults>(directory)).packages;
      await context.repositories.update(dirname(directory));
      move({ state: "succeeded", ended_on: now() });
    },
    failed: () => move({ state: "failed", ended_on: now() }),
  };
}

function announce({ onEvent }: ProgressContext, build: Build): void {
  onEvent(`build ${build.id}: ${buildState(build)}`);
}

function paddedId(build: Build): string {
  return String(build.id).padStart(8, "0");
}
