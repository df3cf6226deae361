import { Command } from "commander";
import { getProjectChroot } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { chrootArgument } from "../options/targets.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { chrootShape } from "../output/shapes/chroot.ts";

const printed = printing(chrootShape, { preset: "json", isUpstreams: true });

/** `get-chroot`: settings of one chroot of a project. */
export function getChroot(context: Context): Command {
  const command = new Command("get-chroot")
    .helpGroup("Chroots:")
    .summary("show settings of a project's chroot")
    .addArgument(chrootArgument());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli get-chroot @copr/copr-dev/fedora-rawhide-x86_64")
    .action(async (path: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const chroot = await context.chroot(path);
      await output.record(await getProjectChroot(await context.transport(), chroot));
    });
}
