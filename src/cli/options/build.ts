import { type Command, Option } from "commander";
import type { BuildOptions } from "../../core/api/index.ts";
import type { Terminal } from "../terminal.ts";
import { added } from "../arguments.ts";
import { collect, count, onOffOption } from "./values.ts";
import { waitingPrinting } from "../waiting/printing.ts";
import type { WaitingOptions } from "../waiting/wait.ts";
import { addWatchOptions } from "./watch.ts";

/** How a build is done. */
export interface BuildMannerOptions {
  timeout?: string;
  background?: boolean;
  isolation?: string;
  enableNet?: string;
  bootstrap?: string;
}

/** What every command that submits a build takes. */
export interface BuildCommandOptions extends WaitingOptions, BuildMannerOptions {
  nowait?: boolean;
  chroot?: string[];
  excludeChroot?: string[];
  afterBuildId?: string;
  withBuildId?: string;
  afterSuccess?: number;
  memory?: string;
}

/** Adds the options that all build commands share. */
export function addBuildOptions(command: Command): Command {
  const building = addBuildSettings(command)
    .addOption(new Option("--after-build-id <id>", "build after the batch of this build").conflicts("withBuildId"))
    .option("--with-build-id <id>", "build in the same batch as this build")
    .addOption(new Option("--memory <size>", "deprecated, has no effect").hideHelp())
    .option("--nowait", "do not wait for the build to end")
    .addOption(added(new Option("--after-success <id>", "wait, and submit only when this build has succeeded").argParser(count)));
  return waitingPrinting.addOptions(addWatchOptions(building));
}

/** Adds those that say where and how a package is built. */
export function addBuildSettings(command: Command): Command {
  const choosing = command
    .optionsGroup("Build options:")
    .option("-r, --chroot <chroot>", "build only in this chroot, or in those matching a glob pattern; may be repeated", collect)
    .option("--exclude-chroot <chroot>", "leave out this chroot; may be repeated", collect);
  return addMannerOptions(choosing);
}

/** Adds the options that say how a build is done. */
export function addMannerOptions(command: Command): Command {
  return command
    .option("--timeout <seconds>", "end the build after this time")
    .option("--background", "build when nothing more urgent waits")
    .addOption(new Option("--isolation <method>", "how mock isolates the build").choices(["simple", "nspawn", "default"]))
    .addOption(onOffOption("--enable-net", "network access during the build"))
    .addOption(new Option("--bootstrap <mode>", "how mock makes the chroot").choices(["unchanged", "default", "on", "off", "image"]));
}

/** What was said of how a build is done; nothing is sent of the rest. */
export function readMannerOptions({ timeout, background, isolation, enableNet, bootstrap }: BuildMannerOptions): BuildOptions {
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(background === undefined ? {} : { background }),
    ...(isolation === undefined ? {} : { isolation }),
    ...(enableNet === undefined ? {} : { enable_net: enableNet === "on" }),
    ...(bootstrap === undefined ? {} : { bootstrap }),
  };
}

/** The options as the frontend wants them: some keys always, others only when given. */
export function readBuildOptions(options: BuildCommandOptions, terminal: Terminal): BuildOptions {
  if (options.memory !== undefined) terminal.notice("Use of DEPRECATED option: --memory\n");
  return {
    timeout: options.timeout ?? null,
    chroots: options.chroot ?? null,
    background: options.background ?? false,
    ...(options.enableNet === undefined ? {} : { enable_net: options.enableNet === "on" }),
    ...(options.excludeChroot === undefined ? {} : { exclude_chroots: options.excludeChroot }),
    ...(options.bootstrap === undefined ? {} : { bootstrap: options.bootstrap }),
    ...(options.afterBuildId === undefined ? {} : { after_build_id: options.afterBuildId }),
    ...(options.withBuildId === undefined ? {} : { with_build_id: options.withBuildId }),
    isolation: options.isolation ?? "unchanged",
  };
}
