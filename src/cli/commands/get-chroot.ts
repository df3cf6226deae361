import { Command } from "commander";
import { getProjectChroot, type ProjectChroot } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { type OutputFormat, printRecord, type ShownFields } from "../format/records.ts";
import { outputFormatOption } from "../options/output-format.ts";
import { chrootArgument } from "../options/targets.ts";

/** `get-chroot`: settings of one chroot of a project. */
export function getChroot(context: Context): Command {
  return new Command("get-chroot")
    .helpGroup("Chroots:")
    .summary("show settings of a project's chroot")
    .addArgument(chrootArgument())
    .addOption(outputFormatOption("json"))
    .addHelpText("after", "\nExample:\n  copr-cli get-chroot @copr/copr-dev/fedora-rawhide-x86_64")
    .action(async (path: string, { outputFormat }: { outputFormat: OutputFormat }) => {
      const chroot = await context.chroot(path);
      printRecord(context.terminal, shown(await getProjectChroot(await context.transport(), chroot)), outputFormat);
    });
}

/** The fields that upstream shows, in its order: columns of the text formats are counted on, so nothing else is among them. */
function shown(chroot: ProjectChroot): ShownFields {
  const { additional_packages, additional_repos, additional_modules, comps_name, delete_after_days, isolation } = chroot;
  const { mock_chroot, ownername, projectname, with_opts, without_opts, follow_fedora_branching } = chroot;
  return {
    additional_packages,
    additional_repos,
    additional_modules,
    comps_name,
    delete_after_days,
    isolation,
    mock_chroot,
    ownername,
    projectname,
    with_opts,
    without_opts,
    follow_fedora_branching,
  };
}
