import type { Command } from "commander";
import type { OutputOptions } from "../output/output.ts";

/** What every command that builds on this machine takes. */
export interface LocalBuilderOptions extends OutputOptions {
  chroot?: string;
  dest?: string;
  keep?: boolean;
  host?: boolean;
}

/** Adds the options of commands that build on this machine. */
export function addLocalBuilderOptions(command: Command): Command {
  return command
    .option("-d, --dest <directory>", "where packages and logs go; default: a new directory here, named after the build")
    .option("--keep", "leave the builder's own files, and the chroot of mock, where they are")
    .option(
      "--host",
      "build with this machine's own rpmbuild instead of mock: no chroot, no isolation, and what is installed here; only for sources you trust",
    );
}
