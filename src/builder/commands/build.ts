import { Command } from "commander";
import { UsageError } from "../../core/errors.ts";
import { chrootNamePattern } from "../../core/task/names.ts";
import { shellLine } from "../../core/text/shell-line.ts";
import { builderExitCodes } from "../errors.ts";
import { addHostOptions, type HostOptions } from "../options.ts";

interface BuildOptions extends HostOptions {
  chroot: string;
}

/** `build`: what the program did long ago under this name, building a project's package once more. */
export function build(setExitCode: (code: number) => void): Command {
  return addHostOptions(new Command("build"))
    .summary("build the latest version of a project's package once more")
    .argument("<package>", "as <owner>/<project>/<package>; a group's owner begins with @")
    .requiredOption("--chroot <name>", "chroot to build in")
    .addHelpText("after", "\nExample:\n  copr-builder build @copr/copr-dev/copr-cli --chroot fedora-rawhide-x86_64")
    .action(async (path: string, options: BuildOptions) => setExitCode(await rebuild(path, options)));
}

async function rebuild(path: string, { chroot, config, stateDir }: BuildOptions): Promise<number> {
  if (!chrootNamePattern.test(chroot)) throw new UsageError(`'${chroot}' is not the name of a chroot`);
  const { findLatestBuild } = await import("../task/latest-build.ts");
  const { doTask } = await import("../task/start-task.ts");
  const buildId = await findLatestBuild(path, config);
  const status = await doTask({
    origin: { id: { kind: "rpm", buildId, chroot } },
    host: { config, stateDir },
    commandLine: shellLine(["copr-builder", "run", `${buildId}-${chroot}`]),
  });
  return status.exit_code ?? builderExitCodes.failed;
}
