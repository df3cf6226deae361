import { type Command, Option } from "commander";
import { onOff, onOffOption } from "./values.ts";

/** What every package has, whatever its source. */
export interface PackageCommandOptions {
  name: string;
  webhookRebuild?: string;
  maxBuilds?: string;
  timeout?: string;
}

/** `--name`, for commands about one package. */
export function packageNameOption(): Option {
  return new Option("--name <name>", "name of the package").makeOptionMandatory();
}

/** Adds the settings of a package. */
export function addPackageOptions(command: Command): Command {
  return command
    .optionsGroup("Package options:")
    .addOption(packageNameOption())
    .addOption(onOffOption("--webhook-rebuild", "build it when its forge says that the source changed"))
    .option("--max-builds <number>", "keep only the latest builds, 0 for all")
    .option("--timeout <seconds>", "end its builds after this time");
}

/** The settings as the frontend wants them; null where nothing was said. */
export function readPackageOptions({ maxBuilds, timeout, webhookRebuild }: PackageCommandOptions) {
  return { max_builds: maxBuilds ?? null, timeout: timeout ?? null, webhook_rebuild: onOff(webhookRebuild) };
}
