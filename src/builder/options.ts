import { resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../core/errors.ts";
import { readSettings, type Settings } from "./settings.ts";
import { findStateDirectory, type StateDirectory } from "./state-directory.ts";

/** What every command of the builder takes. */
export interface HostOptions {
  config?: string | undefined;
  stateDir?: string | undefined;
}

/** Adds the options that say which builder of this host is meant. */
export function addHostOptions(command: Command): Command {
  return command
    .option("--config <path>", "configuration instead of /etc/copr-rpmbuild/main.ini")
    .option("--state-dir <directory>", "where log, status and results are, or go");
}

/** The settings and the state directory the options lead to; all commands agree on them. */
export async function readHostOptions({ config, stateDir }: HostOptions): Promise<{ settings: Settings; directory: StateDirectory }> {
  if (stateDir === "") throw new UsageError("The value of --state-dir is empty");
  const settings = await readSettings(config);
  return { settings, directory: await findStateDirectory(stateDir === undefined ? settings.stateDirectory : resolve(stateDir)) };
}
