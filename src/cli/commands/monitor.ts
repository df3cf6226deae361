import { Command } from "commander";
import { getMonitor, type Monitor, type MonitoredChroot } from "../../core/api/index.ts";
import { buildUrl } from "../../core/builds/build-record.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** A package's latest build in one chroot; the addresses are there when they are chosen. */
export interface MonitoredBuild extends Omit<MonitoredChroot, "status"> {
  name: string;
  chroot: string;
  /** Page of the build. */
  url_build?: string;
}

/** The order is upstream's. */
const shape: Shape<MonitoredBuild> = {
  fields: {
    name: "shown",
    chroot: "shown",
    build_id: "shown",
    state: "shown",
    pkg_version: "shown",
    url_build_log: "known",
    url_backend_log: "known",
    url_build: "known",
  },
  needs: ["name", "chroot"],
  isFixed: true,
};
/** What the frontend adds only on request. */
const requestedFields = ["url_build_log", "url_backend_log"];
const printed = printing(shape, { preset: "json", isUpstreams: true, hasUpstreamsFields: true });

interface MonitorOptions extends OutputOptions {
  dirname?: string;
}

/** `monitor`: the latest build of each package in each chroot. */
export function monitor(context: Context): Command {
  const command = new Command("monitor")
    .helpGroup("Packages:")
    .summary("show the latest build of each package in each chroot")
    .addArgument(projectArgument())
    .option("--dirname <directory>", "project directory, as NAME:DIRECTORY");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli monitor @copr/copr-dev --output-format text-row --fields name,chroot,state")
    .action(async (name: string, options: MonitorOptions) => {
      const output = printed.open(context.terminal, options);
      const { coprUrl } = await context.config();
      const project = await context.project(name);
      const answer = await getMonitor(await context.transport(), project, {
        project_dirname: options.dirname,
        additionalFields: requestedFields.filter((field) => output.fields.includes(field)),
      });
      await output.records(shown(answer, coprUrl));
    });
}

function* shown({ packages }: Monitor, coprUrl: string): Iterable<MonitoredBuild> {
  for (const { name, chroots } of packages) {
    for (const [chroot, result] of Object.entries(chroots))
      yield { name, chroot, url_build: buildUrl(coprUrl, result.build_id), ...result };
  }
}
