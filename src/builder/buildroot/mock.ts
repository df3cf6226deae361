import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RpmTask } from "../../core/task/build-task.ts";
import { ensureDirectory, exists } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import { capture } from "../../core/process/run.ts";
import { type BuilderProfile, builderMockProfile } from "../../core/mock/builder-profile.ts";
import type { Macro } from "../../core/mock/settings.ts";
import { sourceMockProfile } from "../../core/mock/source-profile.ts";
import { TaskError } from "../errors.ts";
import { defineArguments, macrosOf } from "../task/macros.ts";
import { publishFile } from "../results/results.ts";
import type { TaskContext } from "../task/task-context.ts";
import { BuildStart } from "./build-start.ts";
import type { Buildroot } from "./buildroot.ts";
import { forgetChroot, keepChroot, noteChroot, scrub, scrubAfterAbort } from "./chroot.ts";
import { makeSrpmInMock } from "./mock-make-srpm.ts";
import { runScriptInMock } from "./mock-script.ts";
import { conditionArguments, mockBuildCommand, requireMockSuccess, runMock, uniqueName, wasMockKilled } from "./mock-command.ts";
import { repositoriesOf, snippetOf } from "./profile-parts.ts";
import { beginCacheUse, endCacheUse, evictCaches, writeCachingConfig } from "./root-cache.ts";

const SOURCE_CONFIG_NAME = "mock-source-build.cfg";
const ARCHIVE_LIMIT_MS = 30_000;

/** mock: each build in a chroot of its own distribution. */
export const mock: Buildroot = {
  name: "mock",
  async buildSrpm(context, task, { spec, sources }) {
    const output = join(context.workDirectory, "srpm");
    await ensureDirectory(output);
    const chroot = { config: join(context.workDirectory, SOURCE_CONFIG_NAME), unique: uniqueName() };
    const macros = macrosOf(task, context.settings);
    const { mockConfigDirectory } = context.settings;
    const profileOf = (some: readonly Macro[]): string => sourceMockProfile(some, mockConfigDirectory);
    await replaceFile(join(context.results, SOURCE_CONFIG_NAME), profileOf(macros));
    const cache = await writeCachingConfig(context, chroot.config, macros, profileOf);
    await beginCacheUse(context, cache);
    await noteChroot(context, chroot);
    const argv = [...mockBuildCommand(chroot, context), "--buildsrpm", "--spec", spec, "--sources", sources, "--resultdir", output];
    try {
      const status = await runMock(context, [...argv, ...defineArguments(macros)], { cwd: context.workDirectory });
      if (!wasMockKilled(status)) await endCacheUse(context, cache);
      await forgetChroot(context);
      requireMockSuccess(status, "The source package could not be made");
    } catch (error) {
      if (context.signal.aborted) await scrubAfterAbort(context, chroot);
      throw error;
    } finally {
      // Also after a failure: mock tells in its own logs what happened.
      await publishOutput(output, context.results, true);
    }
    await evictCaches(context);
  },
  makeSrpm: makeSrpmInMock,
  runScript: runScriptInMock,
  async writeConfig(context, task) {
    return (await writeConfig(context, task)).path;
  },
  async buildRpms(context, task, { spec, sources }, review) {
    await context.enter("chroot");
    const { path, cache } = await writeConfig(context, task);
    await beginCacheUse(context, cache);
    const chroot = { config: path, unique: uniqueName() };
    const output = join(context.workDirectory, "mock-results");
    await ensureDirectory(output);
    await noteChroot(context, chroot);
    const argv = [...mockBuildCommand(chroot, context), "--spec", spec, "--sources", sources, "--resultdir", output];
    const options = [...conditionArguments(task), ...(task.allow_user_ssh ? ["--no-cleanup-after"] : [])];
    let isSuccess = false;
    try {
      const watcher = new BuildStart(join(output, "state.log"), () => context.enter("building"));
      const status = await runMock(context, [...argv, ...options], { cwd: context.workDirectory, watcher });
      await watcher.entered;
      if (!wasMockKilled(status)) await endCacheUse(context, cache);
      isSuccess = status === 0;
      requireMockSuccess(status, "Build failed");
    } finally {
      // Also after a cancel and at the deadline: the logs and the configuration tell what happened.
      await publishOutput(output, context.results, isSuccess);
      if (task.allow_user_ssh) await keepChroot(context, chroot);
      else if (context.signal.aborted) await scrubAfterAbort(context, chroot);
      else await cleanUp(context, chroot);
      if (isSuccess) await review(path);
      await archiveConfigs(context);
    }
  },
};

async function cleanUp(context: TaskContext, chroot: Parameters<typeof scrub>[1]): Promise<void> {
  await scrub(context, chroot);
  await evictCaches(context);
}

/** Logs always; packages of a failed build would look like a success. */
async function publishOutput(output: string, results: string, isSuccess: boolean): Promise<void> {
  const names = (await readdir(output, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const name of names) {
    if (isSuccess || !name.endsWith(".rpm") || name.endsWith(".src.rpm")) await publishFile(join(output, name), results, name);
  }
}

/** The host's mock configuration and the task's own on top of it, kept beside the results so that others can reproduce the build. */
async function writeConfig(context: TaskContext, task: RpmTask): Promise<{ path: string; cache: string | undefined }> {
  const { mockConfigDirectory: system } = context.settings;
  const directory = join(context.results, "configs");
  if (!(await exists(join(system, `${task.chroot}.cfg`)))) throw new TaskError(`Chroot config ${system}/${task.chroot}.cfg not found`);
  await ensureDirectory(directory);
  await cp(system, directory, { recursive: true, verbatimSymlinks: true });
  const path = join(directory, "child.cfg");
  const snippet = await snippetOf(context, task);
  const profile = (macros: readonly Macro[]): string =>
    builderMockProfile({ ...profileOf(task), configDirectory: system, snippet, macros });
  return { path, cache: await writeCachingConfig(context, path, macrosOf(task, context.settings), profile) };
}

function profileOf(task: RpmTask): Omit<BuilderProfile, "macros"> {
  return {
    chroot: task.chroot,
    buildrootPackages: task.buildroot_pkgs,
    hasNetwork: task.enable_net ?? false,
    isolation: task.isolation === "unchanged" ? null : (task.isolation ?? null),
    bootstrap: task.bootstrap ?? undefined,
    bootstrapImage: task.bootstrap_image ?? undefined,
    modules: (task.modules?.toggle ?? []).flatMap((pair) => Object.entries(pair)),
    repositories: repositoriesOf(task),
  };
}

async function archiveConfigs({ environment, results }: TaskContext): Promise<void> {
  if (!(await exists(join(results, "configs")))) return;
  const argv = ["tar", "-cz", "-C", results, "-f", join(results, "configs.tar.gz"), "configs"];
  // Not the task's own signal, which may have been given already.
  await capture(argv, { env: environment, signal: AbortSignal.timeout(ARCHIVE_LIMIT_MS) }).catch(() => undefined);
  await removeTree(join(results, "configs"));
}
