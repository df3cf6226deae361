import { Argument, Command, Option } from "commander";
import { UsageError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { addManyOptions } from "../many/options.ts";
import { type RebuildOutput, rebuildShape } from "../many/rebuilt-build.ts";
import type { RebuildCommandOptions } from "../many/run-rebuild.ts";
import { addMannerOptions } from "../options/build.ts";
import { collect, integers } from "../options/values.ts";
import { addWatchOptions } from "../options/watch.ts";
import { printing } from "../output/output.ts";
import { formatsOfActs } from "../../core/records/formats.ts";

const printed = printing<Parameters<RebuildOutput["record"]>[0]>(rebuildShape, { formats: formatsOfActs });

/** `rebuild`: builds made again, or what failed of a project. */
export function rebuild(context: Context): Command {
  const command = new Command("rebuild")
    .helpGroup("Builds:")
    .summary("make builds again, or what failed of a project")
    .addArgument(new Argument("[build_id...]", "numbers of the builds").argParser(integers))
    .optionsGroup("What to rebuild:")
    .option("--project <project>", "the packages of this project, as NAME, OWNER/NAME or OWNER/NAME:DIRECTORY")
    .option("--failed", "only in the chroots that failed; with --project this is meant when nothing is said")
    .addOption(new Option("--all", "with --project, all packages in all chroots they were built in").conflicts("failed"))
    .option("--package <glob>", "with --project, only packages whose names match this pattern")
    .option("-r, --chroot <chroot>", "only in this chroot, or in those matching a glob pattern; may be repeated", collect)
    .optionsGroup("Build options (those of the old build when left out):");
  addMannerOptions(command).option("--nowait", "do not wait for the builds to end");
  return printed
    .addOptions(addManyOptions(addWatchOptions(command)))
    .addHelpText("after", help)
    .action(async (ids: number[] | undefined, options: RebuildCommandOptions) => {
      checkWords(ids ?? [], options);
      const output: RebuildOutput = printed.open(context.terminal, options);
      const { runRebuild } = await import("../many/run-rebuild.ts");
      await runRebuild(context, output, [...new Set(ids)], options);
    });
}

const help = `
A build is made of its own source again, in the same project directory and chroots; a package that was built from its settings
is built from them. With --project the settings of the package count, also if they were changed since. An uploaded file that the
frontend has forgotten is fetched from the results and sent again.
The frontend does not tell a build's isolation, Packit project and batch: the first is the project's, the others are none.
What has no failed chroot is left out by --failed, and so are chroots that the project has disabled.

Examples:
  copr-cli rebuild 1234567 --failed
  copr-cli rebuild 1234567 1234568 -r fedora-rawhide-x86_64 --yes --nowait
  copr-cli rebuild --project @copr/copr-dev --failed --package 'python-*' -r 'fedora-*' --dry-run`;

/** Throws UsageError for words that do not go together. */
function checkWords(ids: readonly number[], { project, all, package: pattern }: RebuildCommandOptions): void {
  if (project !== undefined && ids.length > 0) throw new UsageError("Name builds, or a project by --project: not both.");
  if (project === undefined && ids.length === 0) {
    throw new UsageError("the following arguments are required: build_id", { hint: "Or name a project by --project." });
  }
  const alone = all ? "--all" : pattern === undefined ? undefined : "--package";
  if (project === undefined && alone !== undefined) throw new UsageError(`${alone} is about a project: name it by --project.`);
}
