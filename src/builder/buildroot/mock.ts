import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RpmTask } from "../../core/build-task.ts";
import { ensureDirectory, exists, removeTree, writeFileAtomic } from "../../core/files.ts";
import { capture } from "../../core/process.ts";
import { builderMockProfile, sourceMockProfile } from "../../core/mock-profile.ts";
import { TaskError } from "../errors.ts";
import { defineArguments, macrosOf } from "../macros.ts";
import { publishFile } from "../results.ts";
import type { TaskContext } from "../task-context.ts";
import type { Buildroot } from "./buildroot.ts";

const SYSTEM_CONFIG = "/etc/mock";
const ARCHIVE_LIMIT_MS = 30_000;

/** mock: each build in a chroot of its own distribution. */
export const mock: Buildroot = {
  name: "mock",
  async buildSrpm(context, task, { spec, sources }) {
    const output = join(context.workDirectory, "srpm");
    await ensureDirectory(output);
    const config = join(context.workDirectory, "mock-source-build.cfg");
    const macros = macrosOf(task, context.settings);
    await writeFileAtomic(config, sourceMockProfile(macros));
    const argv = [
      "mock",
      "-r",
      config,
      "--uniqueext",
      uniqueName(),
      "--buildsrpm",
      "--spec",
      spec,
      "--sources",
      sources,
      "--resultdir",
      output,
    ];
    const status = await context.run([...argv, ...defineArguments(macros)], { cwd: context.workDirectory });
    if (status !== 0) throw new TaskError(`The source package could not be made: mock ended with ${status}${meaningOf(status)}`);
    for (const name of (await readdir(output)).filter((one) => one.endsWith(".src.rpm"))) {
      await publishFile(join(output, name), context.results, name);
    }
  },
  writeConfig,
  async buildRpms(context, task, { spec, sources }, review) {
    const config = await writeConfig(context, task);
    const unique = uniqueName();
    const output = join(context.workDirectory, "mock-results");
    await ensureDirectory(output);
    const conditions = [...task.with_opts.flatMap((name) => ["--with", name]), ...task.without_opts.flatMap((name) => ["--without", name])];
    const argv = ["mock", "--spec", spec, "--sources", sources, "--resultdir", output, "--uniqueext", unique, "-r", config, ...conditions];
    let isSuccess = false;
    try {
      const status = await context.run([...argv, ...(task.allow_user_ssh ? ["--no-cleanup-after"] : [])], { cwd: context.workDirectory });
      isSuccess = status === 0;
      if (status !== 0) throw new TaskError(`Build failed: mock ended with ${status}${meaningOf(status)}`);
    } finally {
      // Also after a cancel and at the deadline: the logs and the configuration tell what happened.
      await publishOutput(output, context.results, isSuccess);
      if (!task.allow_user_ssh && !context.signal.aborted) await scrub(context, config, unique);
      if (isSuccess) await review(config);
      await archiveConfigs(context);
    }
  },
};

/** Logs always; packages of a failed build would look like a success. */
async function publishOutput(output: string, results: string, isSuccess: boolean): Promise<void> {
  const names = (await readdir(output, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const name of names) {
    if (isSuccess || !name.endsWith(".rpm") || name.endsWith(".src.rpm")) await publishFile(join(output, name), results, name);
  }
}

/** The host's mock configuration and the task's own on top of it, kept beside the results so that others can reproduce the build. */
async function writeConfig(context: TaskContext, task: RpmTask): Promise<string> {
  const directory = join(context.results, "configs");
  if (!(await exists(join(SYSTEM_CONFIG, `${task.chroot}.cfg`))))
    throw new TaskError(`Chroot config ${SYSTEM_CONFIG}/${task.chroot}.cfg not found`);
  await ensureDirectory(directory);
  await cp(SYSTEM_CONFIG, directory, { recursive: true, verbatimSymlinks: true });
  const path = join(directory, "child.cfg");
  const text = builderMockProfile({
    chroot: task.chroot,
    buildrootPackages: task.buildroot_pkgs,
    hasNetwork: task.enable_net ?? false,
    isolation: task.isolation === "unchanged" ? null : (task.isolation ?? null),
    macros: macrosOf(task, context.settings),
    bootstrap: task.bootstrap ?? undefined,
    bootstrapImage: task.bootstrap_image ?? undefined,
    modules: (task.modules?.toggle ?? []).flatMap((pair) => Object.entries(pair)),
    repositories: task.repos.map(({ id, name, baseurl, priority = null, module_hotfixes = null, repo_gpgcheck = null }) => ({
      id,
      name,
      baseurl,
      priority,
      module_hotfixes,
      repo_gpgcheck,
    })),
  });
  await writeFileAtomic(path, text);
  return path;
}

async function scrub(context: TaskContext, config: string, unique: string): Promise<void> {
  await context.run([
    "mock",
    "-r",
    config,
    "--uniqueext",
    unique,
    "--scrub",
    "bootstrap",
    "--scrub",
    "chroot",
    "--scrub",
    "root-cache",
    "--quiet",
  ]);
}

async function archiveConfigs({ environment, results }: TaskContext): Promise<void> {
  if (!(await exists(join(results, "configs")))) return;
  const argv = ["tar", "-cz", "-C", results, "-f", join(results, "configs.tar.gz"), "configs"];
  // Not the task's own signal, which may have been given already.
  await capture(argv, { env: environment, signal: AbortSignal.timeout(ARCHIVE_LIMIT_MS) }).catch(() => undefined);
  await removeTree(join(results, "configs"));
}

function uniqueName(): string {
  return `${Math.floor(Date.now() / 1000)}.${process.pid}`;
}

function meaningOf(status: number): string {
  const known: Record<number, string> = {
    1: "the build failed",
    3: "bad configuration",
    5: "an input is missing",
    11: "out of time",
    30: "packages are missing or a repository is down",
    70: "no result directory",
  };
  const meaning = known[status];
  return meaning === undefined ? "" : ` (${meaning})`;
}
