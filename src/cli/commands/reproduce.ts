import { join } from "node:path";
import { Argument, Command } from "commander";
import type { Definition } from "../../core/reproduction/definition.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { choiceError } from "../format/choice-error.ts";
import { inOrder } from "../interruption.ts";
import type { PlannedBuild } from "../local-builder/local-build.ts";
import { localBuildPrinting } from "../local-builder/local-build-record.ts";
import type { Workplace } from "../local-builder/workplace.ts";
import { addLocalBuilderOptions, type LocalBuilderOptions } from "../options/local-builder.ts";
import { integer } from "../options/values.ts";

interface ReproduceOptions extends LocalBuilderOptions {
  dryRun?: boolean;
}

/** `reproduce`: a build once more, on this machine. */
export function reproduce(context: Context): Command {
  const command = new Command("reproduce")
    .helpGroup("Builds:")
    .summary("do a build once more on this machine")
    .addArgument(new Argument("<build_id>", "number of the build").argParser(integer))
    .option(
      "-r, --chroot <chroot>",
      "build in this chroot, or make the source package (srpm-builds); default: the only chroot, or the only one that failed",
    )
    .option("--dry-run", "only write the files that are needed, and print the command");
  return localBuildPrinting
    .addOptions(addLocalBuilderOptions(command))
    .addHelpText(
      "after",
      "\nRuns copr-builder with the build's own definition, in mock as Copr's builders do it, from the same commit. " +
        "Ends with exit status 4 when the build fails.\n\n" +
        "Examples:\n  copr-cli reproduce 1234567\n  copr-cli reproduce 1234567 -r fedora-rawhide-x86_64 --dest again\n  copr-cli reproduce 1234567 --dry-run",
    )
    .action(async (buildId: number, options: ReproduceOptions) => inOrder(() => doAgain(context, buildId, options)));
}

async function doAgain(context: Context, buildId: number, options: ReproduceOptions): Promise<void> {
  const output = localBuildPrinting.open(context.terminal, options);
  const { findBuilder, requireMock } = await import("../local-builder/find-builder.ts");
  const builder = await findBuilder("copr-builder");
  if (!options.host && !options.dryRun) await requireMock();
  const definition = await find(context, buildId, options.chroot);
  for (const note of definition.notes) context.terminal.notice(cleanText(`${note}\n`));
  const [{ inWorkplace }, { buildHere, tellPlan }] = await Promise.all([
    import("../local-builder/workplace.ts"),
    import("../local-builder/local-build.ts"),
  ]);
  const { dryRun = false, host = false, keep = false, dest } = options;
  await inWorkplace(context, keep || dryRun, host, async (workplace) => {
    const planned = await plan(context, { definition, workplace, builder, isKept: keep });
    if (dryRun) return tellPlan(output, planned, workplace);
    const preset = `build-${buildId}-${definition.part.name}`;
    await buildHere(context, output, planned, { workplace, isKept: keep, dest, preset, judgement: judgementOf(definition) });
  });
}

async function find(context: Context, buildId: number, chroot: string | undefined): Promise<Definition> {
  const [{ findDefinition }, { AmbiguousChrootError }] = await Promise.all([
    import("../../core/reproduction/definition.ts"),
    import("../../core/builds/meant-part.ts"),
  ]);
  try {
    return await findDefinition(await context.transport(), { buildId, chroot, signal: context.interrupted });
  } catch (error) {
    if (error instanceof AmbiguousChrootError) throw choiceError(context.terminal, error.message, error.parts);
    throw error;
  }
}

interface Preparation {
  definition: Definition;
  workplace: Workplace;
  builder: readonly string[];
  isKept: boolean;
}

/** The command that does it. What the frontend serves is left to the builder, which checks it once more. */
async function plan(context: Context, { definition, workplace, builder, isKept }: Preparation): Promise<PlannedBuild> {
  const { build, part, origin } = definition;
  const common = { build: build.id, project: `${build.ownername}/${build.projectname}`, chroot: part.name, origin };
  const command = [...builder, "run", "--config", workplace.config];
  const wire = withSsh(definition, isKept);
  if (definition.url !== null && wire === definition.wire) {
    return { ...common, definition: definition.url, command: [...command, "--task-url", definition.url] };
  }
  const { writeFileAtomic } = await import("../../core/files/atomic-file.ts");
  const path = join(workplace.directory, "task.json");
  const own = definition.srpmUrl === null ? undefined : await standIn(context, definition.srpmUrl, workplace);
  await writeFileAtomic(path, `${JSON.stringify({ ...wire, ...own }, null, 2)}\n`);
  const strictness = own === undefined ? ["--no-local-files"] : [];
  return { ...common, definition: path, command: [...command, "--task-file", path, ...strictness] };
}

/** A builder leaves the chroot to users whom a build lets in. Here that is who wants to keep it, and nobody else. */
function withSsh({ task, wire }: Definition, isKept: boolean): Definition["wire"] {
  if (task.kind === "srpm" || (task.allow_user_ssh ?? false) === isKept) return wire;
  return { ...wire, allow_user_ssh: isKept };
}

async function standIn(context: Context, srpmUrl: string, { directory }: Workplace): Promise<{ git_repo: string; git_hash: string }> {
  context.terminal.notice(cleanText(`Its dist-git can't be cloned from here: the sources are those of ${srpmUrl}\n`));
  const { makeSrpmRepository } = await import("../../core/reproduction/srpm-repository.ts");
  return makeSrpmRepository(await context.transport(), srpmUrl, join(directory, "sources"), context.interrupted);
}

/** What it means when it fails here. */
function judgementOf({ build, part }: Definition): string {
  const place = `Build ${build.id} failed here in ${part.name}`;
  if (part.state === "failed") return `${place}, as it did in Copr`;
  return part.state === "succeeded" ? `${place}, but did not in Copr` : place;
}
