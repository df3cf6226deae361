import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { getProject } from "../../core/api/index.ts";
import { CoprError, describeFileError, UsageError } from "../../core/errors.ts";
import { chrootNamePattern } from "../../core/task/names.ts";
import type { Context } from "../context.ts";
import { choiceError } from "../format/choice-error.ts";
import { inOrder } from "../interruption.ts";
import { localBuildPrinting } from "../local-builder/local-build-record.ts";
import type { Workplace } from "../local-builder/workplace.ts";
import { addLocalBuilderOptions, type LocalBuilderOptions } from "../options/local-builder.ts";
import { projectArgument } from "../options/targets.ts";

/** `local-build`: local sources, built on this machine as a project would. */
export function localBuild(context: Context): Command {
  const command = new Command("local-build")
    .helpGroup("Builds:")
    .summary("build local sources on this machine as a project would")
    .addArgument(projectArgument())
    .argument("[path]", ".src.rpm file, or directory with a spec file and its sources", ".")
    .option("-r, --chroot <chroot>", "chroot of the project to build in; default: its only one");
  return localBuildPrinting
    .addOptions(addLocalBuilderOptions(command))
    .addHelpText(
      "after",
      "\nRuns copr-rpmbuild with the project's repositories, additional packages, modules and conditions for the chroot; nothing is " +
        "sent to Copr. Sources that are not there come from the lookaside cache or their addresses. Ends with exit status 4 when the " +
        "build fails.\n\nExamples:\n  copr-cli local-build hello\n  copr-cli local-build @copr/copr-dev -r fedora-rawhide-x86_64 hello-1.0-1.src.rpm",
    )
    .action(async (name: string, source: string, options: LocalBuilderOptions) =>
      inOrder(() => buildLocally(context, name, source, options)),
    );
}

async function buildLocally(context: Context, name: string, source: string, options: LocalBuilderOptions): Promise<void> {
  const output = localBuildPrinting.open(context.terminal, options);
  const { findBuilder, requireMock } = await import("../local-builder/find-builder.ts");
  const builder = await findBuilder("copr-rpmbuild");
  if (!options.host) await requireMock();
  const isPackage = await isSourcePackage(source);
  const project = await context.project(name);
  const chroot = await chooseChroot(context, project, options.chroot);
  const [{ inWorkplace }, { buildHere }] = await Promise.all([
    import("../local-builder/workplace.ts"),
    import("../local-builder/local-build.ts"),
  ]);
  const { host = false, keep = false, dest } = options;
  const fullName = `${project.ownername}/${project.projectname}`;
  await inWorkplace(context, keep, host, async (workplace) => {
    const cwd = isPackage ? await unpack(source, workplace, context.interrupted) : resolve(source);
    const command = [...builder, "--config", workplace.config, "--copr", fullName, "--chroot", chroot];
    const planned = { build: null, project: fullName, chroot, origin: "project", definition: null, command, cwd } as const;
    const preset = `local-${project.projectname.split(":", 1)[0]}-${chroot}`;
    await buildHere(context, output, planned, { workplace, isKept: keep, dest, preset, judgement: `The build failed in ${chroot}` });
  });
}

/** Whether the sources are a package and not a directory. Throws UsageError for anything else. */
async function isSourcePackage(source: string): Promise<boolean> {
  const info = await stat(source).catch((cause: unknown) => {
    throw new UsageError(`Cannot read '${source}': ${describeFileError(cause)}`, { cause });
  });
  if (info.isDirectory()) return false;
  if (info.isFile() && /\.(src|nosrc)\.rpm$/.test(source)) return true;
  throw new UsageError(`'${source}' is neither a .src.rpm file nor a directory`);
}

async function unpack(source: string, workplace: Workplace, signal: AbortSignal): Promise<string> {
  const [{ unpackSrpm }, { ensureDirectory }] = await Promise.all([
    import("../../core/packaging/srpm-content.ts"),
    import("../../core/files/directories.ts"),
  ]);
  const directory = join(workplace.directory, "sources");
  await ensureDirectory(directory);
  await unpackSrpm({ srpm: resolve(source), directory, signal });
  return directory;
}

/** The named chroot, or the project's only one; else they are listed. */
async function chooseChroot(
  context: Context,
  project: { ownername: string; projectname: string },
  named: string | undefined,
): Promise<string> {
  const { chroot_repos: repositories } = await getProject(await context.transport(), project);
  const names = Object.keys(repositories);
  const [only, ...others] = names;
  const chosen = named ?? (others.length === 0 ? only : undefined);
  if (chosen !== undefined && names.includes(chosen) && chrootNamePattern.test(chosen)) return chosen;
  const fullName = `${project.ownername}/${project.projectname}`;
  if (only === undefined) throw new CoprError(`The project ${fullName} has no chroots`);
  const message = named === undefined ? "has several chroots: name one" : `has no chroot '${named}'`;
  throw choiceError(
    context.terminal,
    `The project ${fullName} ${message}`,
    names.map((name) => ({ name })),
  );
}
