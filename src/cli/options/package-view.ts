import type { Command } from "commander";
import type { WithBuilds } from "../../core/api/index.ts";
import type { OutputOptions } from "../output/output.ts";

/** What `get-package` and `list-packages` show beside the package. */
export interface PackageViewOptions extends OutputOptions {
  withLatestBuild?: boolean;
  withLatestSucceededBuild?: boolean;
  withAllBuilds?: boolean;
}

/** Adds the options for what to show of packages. */
export function addPackageViewOptions(command: Command): Command {
  return command
    .option("--with-latest-build", "show the latest build")
    .option("--with-latest-succeeded-build", "show the latest build that succeeded")
    .option("--with-all-builds", "show all builds; costs one more request a package");
}

/** The flags as the frontend wants them. */
export function readWithBuilds(options: Partial<PackageViewOptions>): WithBuilds {
  return {
    with_latest_build: options.withLatestBuild ?? false,
    with_latest_succeeded_build: options.withLatestSucceededBuild ?? false,
  };
}
