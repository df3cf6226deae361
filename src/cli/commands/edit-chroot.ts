import { Command, Option } from "commander";
import { type ChrootSettings, editProjectChroot } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { chrootArgument } from "../options/targets.ts";
import { collect } from "../options/values.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { editedChrootShape } from "../output/shapes/chroot.ts";

const printed = printing(editedChrootShape, { formats: formatsOfActs });

interface EditChrootOptions extends OutputOptions {
  uploadComps?: string;
  deleteComps?: boolean;
  packages?: string;
  repos?: string;
  modules?: string;
  rpmbuildWith?: string[];
  rpmbuildWithout?: string[];
  isolation?: string;
  bootstrap?: string;
  bootstrapImage?: string;
  reset?: string[];
}

/** `edit-chroot`: settings of one chroot of a project. */
export function editChroot(context: Context): Command {
  const command = new Command("edit-chroot")
    .helpGroup("Chroots:")
    .summary("change settings of a project's chroot")
    .addArgument(chrootArgument());
  addOptions(command);
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli edit-chroot hello/fedora-rawhide-x86_64 --packages 'gcc make' --rpmbuild-with tests")
    .action(async (path: string, options: EditChrootOptions) => {
      const output = printed.open(context.terminal, options);
      const transport = await context.authenticated();
      const chroot = await context.chroot(path);
      const answer = await editProjectChroot(transport, chroot, settingsOf(options), options.uploadComps || undefined);
      await output.record(answer, "Edit chroot operation was successful.\n");
    });
}

function addOptions(command: Command): Command {
  return command
    .addOption(new Option("--upload-comps <file>", "comps.xml with package groups for the repository").conflicts("deleteComps"))
    .option("--delete-comps", "remove the comps.xml")
    .option("--packages <names>", "packages to install before each build, separated by blanks")
    .option("--repos <addresses>", "repositories that builds may use, separated by blanks")
    .option("--modules <names>", "modules to enable, or disable with !, separated by commas")
    .option("--rpmbuild-with <name>", "build with this conditional, as rpmbuild --with; may be repeated", collect)
    .option("--rpmbuild-without <name>", "build without this conditional, as rpmbuild --without; may be repeated", collect)
    .addOption(new Option("--isolation <method>", "how mock isolates builds").choices(["simple", "nspawn", "default"]))
    .addOption(new Option("--bootstrap <mode>", "how mock makes the chroot").choices(["unchanged", "default", "on", "off", "image"]))
    .option("--bootstrap-image <image>", "container image to make the chroot with, which sets --bootstrap too")
    .option("--reset <setting>", "give a setting its default again, e.g. additional_packages; may be repeated", collect);
}

/** What was not named stays; lists are sent as the user typed them. */
function settingsOf(options: EditChrootOptions): ChrootSettings {
  return {
    additional_repos: options.repos ?? null,
    additional_packages: options.packages ?? null,
    additional_modules: options.modules ?? null,
    delete_comps: options.deleteComps ?? false,
    with_opts: options.rpmbuildWith?.join(" ") ?? null,
    without_opts: options.rpmbuildWithout?.join(" ") ?? null,
    bootstrap: options.bootstrapImage ? "custom_image" : (options.bootstrap ?? null),
    bootstrap_image: options.bootstrapImage ?? null,
    isolation: options.isolation ?? null,
    reset_fields: options.reset ?? null,
  };
}
