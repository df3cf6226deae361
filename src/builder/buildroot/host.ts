import { closeSync, openSync, writeSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { BuildTask } from "../../core/task/build-task.ts";
import { describeFileError } from "../../core/errors.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { findProgram } from "../../core/process/find-program.ts";
import { TaskError } from "../errors.ts";
import { defineArguments, macrosOf } from "../task/macros.ts";
import { publishFile } from "../results/results.ts";
import { requireSuccess, type TaskContext } from "../task/task-context.ts";
import type { BuildInput, Buildroot } from "./buildroot.ts";
import { makeSrpmOnHost, runScriptOnHost } from "./host-programs.ts";

/**
 * Plain rpmbuild on this machine: no chroot, no repositories, no isolation. For trying things out, and where mock
 * can't be had; never chosen by itself.
 */
export const host: Buildroot = {
  name: "host",
  async buildSrpm(context, task, input) {
    announce(context);
    await rpmbuild(context, task, input, ["-bs", "--nodeps"]);
  },
  async buildRpms(context, task, input) {
    await context.enter("building");
    announce(context);
    const known = await checkBuildRequires(context, input);
    const conditions = [...task.with_opts.flatMap((name) => ["--with", name]), ...task.without_opts.flatMap((name) => ["--without", name])];
    await rpmbuild(context, task, input, ["-ba", ...(known ? [] : ["--nodeps"]), ...conditions]);
  },
  async makeSrpm(context, _task, input) {
    announce(context);
    await makeSrpmOnHost(context, input);
  },
  async runScript(context, task, input) {
    announce(context);
    const made = await runScriptOnHost(context, task, input);
    await rpmbuild(context, task, made, ["-bs", "--nodeps"]);
  },
  writeConfig() {
    throw new TaskError("A build on the host has no mock configuration to write");
  },
};

function announce({ log }: TaskContext): void {
  log.say("Buildroot: host. This build runs on the builder itself, without a chroot and without isolation.");
}

async function rpmbuild(context: TaskContext, task: BuildTask, { spec, sources }: BuildInput, mode: readonly string[]): Promise<void> {
  const top = join(context.workDirectory, "rpmbuild");
  const output = join(top, "output");
  await ensureDirectory(output);
  const directories: [string, string][] = [
    ["_topdir", top],
    ["_builddir", join(top, "BUILD")],
    ["_buildrootdir", join(top, "BUILDROOT")],
    ["_sourcedir", sources],
    ["_specdir", sources],
    ["_srcrpmdir", output],
    ["_rpmdir", output],
    ["_build_name_fmt", "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm"],
  ];
  const argv = [
    "rpmbuild",
    ...mode,
    ...directories.flatMap(([name, value]) => ["--define", `${name} ${value}`]),
    ...distOf(task),
    ...defineArguments(macrosOf(task, context.settings)),
    "--",
    spec,
  ];
  const status = await runLogged(context, argv, task.kind === "rpm" ? join(top, "build.log") : undefined);
  if (status !== 0)
    throw new TaskError(
      task.kind === "rpm"
        ? `Build failed: rpmbuild ended with ${status}`
        : `The source package could not be made: rpmbuild ended with ${status}`,
    );
  for (const name of await readdir(output)) await publishFile(join(output, name), context.results, name);
}

/** Runs rpmbuild; its output also becomes `build.log` of the results, however it ends. */
async function runLogged(context: TaskContext, argv: readonly string[], logPath: string | undefined): Promise<number> {
  if (logPath === undefined) return context.run(argv, { cwd: context.workDirectory });
  const file = openSync(logPath, "w");
  let writeError: unknown;
  const onOutput = (chunk: Buffer): void => {
    try {
      if (writeError === undefined) writeSync(file, chunk);
    } catch (error) {
      writeError = error;
    }
  };
  try {
    const status = await context.run(argv, { cwd: context.workDirectory, onOutput });
    if (writeError === undefined) return status;
    throw new TaskError(`Cannot write build.log: ${describeFileError(writeError)}`, { cause: writeError });
  } finally {
    closeSync(file);
    await publishFile(logPath, context.results, "build.log");
  }
}

/** The distribution tag that the chroot's own macros would set. */
function distOf(task: BuildTask): string[] {
  if (task.kind === "srpm") return [];
  const match = /^(fedora|epel)-(\d+)-/.exec(task.chroot);
  if (!match) return [];
  return ["--define", `dist .${match[1] === "fedora" ? "fc" : "el"}${match[2]}`];
}

/**
 * Whether rpmbuild can check BuildRequires itself. Where another package manager rules, rpm's database is empty, and
 * what the spec wants is looked for among programs instead; what is not found may still be there under another name.
 */
async function checkBuildRequires(context: TaskContext, { spec }: BuildInput): Promise<boolean> {
  // One start for both answers. The place is told first, by which the spec file can't change it.
  const query = await context.capture(["rpmspec", "--eval", "%{_dbpath}", "-q", "--srpm", "--requires", "--", spec], {
    cwd: context.workDirectory,
  });
  const [place = "", ...lines] = query.stdout.toString().split("\n");
  if (await hasPackages(context, place)) return true;
  requireSuccess(query, "The spec file can't be parsed");
  const wanted = lines.map((line) => line.trim().split(" ", 1)[0] ?? "").filter((name) => /^[\w.+-]+$/.test(name));
  const missing: string[] = [];
  for (const name of new Set(wanted)) {
    if (!(await findProgram(name, context.environment["PATH"]))) missing.push(name);
  }
  context.log.say(
    missing.length === 0
      ? "BuildRequires: rpm's database is empty here; all were found as programs."
      : `BuildRequires: rpm's database is empty here, so these could not be checked: ${missing.join(", ")}`,
  );
  return false;
}

/** Whether rpm's database knows of packages. Where there is none, a query would make one first, and wait for the disk. */
async function hasPackages(context: TaskContext, place: string): Promise<boolean> {
  const files = await readdir(place.trim()).catch(() => []);
  return files.length > 0 && (await context.capture(["rpm", "-q", "rpm"])).exitCode === 0;
}
