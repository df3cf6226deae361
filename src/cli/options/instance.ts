import type { Command } from "commander";
import { type ConfigChoice, type ConfigPlace, configPlace } from "../../core/account/config-place.ts";
import { UsageError } from "../../core/errors.ts";
import type { Context } from "../context.ts";

/** Which configuration a command is about, said behind its name. */
export interface InstanceOptions {
  instance?: string;
}

/** `login --instance NAME` is `--instance NAME login`: it reads more naturally. */
export function addInstanceOption(command: Command): Command {
  return command.option("--instance <name>", "the Copr of this name, whose configuration is ~/.config/copr.d/<name>");
}

/** The configuration that is meant. Throws UsageError where the command line says two. */
export function chosenPlace({ configChoice }: Context, { instance }: InstanceOptions): ConfigPlace & { choice: ConfigChoice } {
  const { configPath, instance: before } = configChoice;
  if (instance !== undefined && (configPath || (before && before !== instance))) {
    throw new UsageError("The options say twice, and differently, which configuration is meant");
  }
  const choice = { ...configChoice, instance: instance ?? before };
  return { ...configPlace(choice), choice };
}
