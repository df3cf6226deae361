import type { ManyOptions } from "../many/options.ts";
import type { BuildCommandOptions } from "../options/build.ts";

/** What `build-batch` takes. */
export interface BatchOptions extends Omit<BuildCommandOptions, "afterBuildId" | "withBuildId" | "memory">, ManyOptions {
  afterBuildId?: number;
  stopOnFailure?: boolean;
  retry?: number;
  resume?: boolean;
}
