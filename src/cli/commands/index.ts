import type { Command } from "commander";
import type { Context } from "../context.ts";
import { build } from "./build.ts";
import { create } from "./create.ts";
import { downloadBuild } from "./download-build.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { listChroots } from "./list-chroots.ts";
import { mockConfig } from "./mock-config.ts";
import { status } from "./status.ts";
import { watchBuild } from "./watch-build.ts";
import { whoami } from "./whoami.ts";

/** Every command by its name, in the order of the help. */
export const commands: Readonly<Record<string, (context: Context) => Command>> = {
  whoami,
  list,
  get,
  create,
  build,
  status,
  "watch-build": watchBuild,
  "download-build": downloadBuild,
  "list-chroots": listChroots,
  "mock-config": mockConfig,
};
