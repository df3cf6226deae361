import { Command, InvalidArgumentError, Option } from "commander";
import type { BatchOptions } from "../batch/options.ts";
import { batchPrinting } from "../batch/output.ts";
import type { Context } from "../context.ts";
import { addManyOptions } from "../many/options.ts";
import { addBuildSettings } from "../options/build.ts";
import { buildTargetArgument } from "../options/targets.ts";
import { count } from "../options/values.ts";
import { addWatchOptions } from "../options/watch.ts";

/** `build-batch`: many packages, in the order of what they need. */
export function buildBatch(context: Context): Command {
  const command = new Command("build-batch")
    .helpGroup("Builds:")
    .summary("build many packages in the order of what they need")
    .addArgument(buildTargetArgument())
    .argument("<packages...>", "source packages, spec files, checkouts, or addresses; or one YAML file that names them")
    .optionsGroup("Batch options:")
    .addOption(new Option("--stop-on-failure", "submit a wave only when the one before has succeeded"))
    .addOption(new Option("--retry <times>", "submit what failed again, in the chroots in which it failed").argParser(times))
    .addOption(new Option("--resume", "go on with this batch where an earlier run was interrupted"));
  const building = addBuildSettings(addManyOptions(command))
    .addOption(new Option("--after-build-id <id>", "build after the batch of this build").argParser(count))
    .addOption(new Option("--nowait", "do not wait for the builds to end").conflicts(["stopOnFailure", "retry"]));
  return batchPrinting
    .addOptions(addWatchOptions(building))
    .addHelpText(
      "after",
      "\nThe order comes from the packages' own BuildRequires and Provides; nothing of them is run for that. What can be built at " +
        "the same time is a wave. See docs/batches.md for the file that names packages, and can give an order.\n\n" +
        "Examples:\n  copr-cli build-batch hello *.src.rpm\n  copr-cli build-batch hello --dry-run libhello.spec hello.spec\n" +
        "  copr-cli build-batch @copr/copr-dev --stop-on-failure --retry 1 batch.yaml\n  copr-cli build-batch hello --resume batch.yaml",
    )
    .action(async (name: string, packages: string[], options: BatchOptions) => {
      const output = batchPrinting.open(context.terminal, options);
      const { submitBatch } = await import("../batch/submit.ts");
      await submitBatch(context, output, { name, packages, options });
    });
}

function times(value: string): number {
  if (!/^\d{1,2}$/.test(value)) throw new InvalidArgumentError("It is no number of times.");
  return Number(value);
}
