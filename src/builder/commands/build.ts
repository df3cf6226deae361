import { Command } from "commander";
import { getPackage } from "../../core/api/packages.ts";
import { RequestError, UsageError } from "../../core/errors.ts";
import { chrootNamePattern, parseProjectName } from "../../core/task/names.ts";
import { createTransport } from "../../core/http/transport.ts";
import { userAgent } from "../../core/version.ts";
import { shellLine } from "../../core/text/shell-line.ts";
import { builderExitCodes, TaskError } from "../errors.ts";
import { requireFrontend } from "../task/fetch-task.ts";
import { addHostOptions, type HostOptions } from "../options.ts";
import { readSettings } from "../settings.ts";
import { doTask } from "../task/start-task.ts";

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
  const buildId = await findLatestBuild(path, config);
  const status = await doTask({
    origin: { id: { kind: "rpm", buildId, chroot } },
    host: { config, stateDir },
    commandLine: shellLine(["copr-builder", "run", `${buildId}-${chroot}`]),
  });
  return status.exit_code ?? builderExitCodes.failed;
}

/** Number of the package's latest build. Throws TaskError where there is none. */
async function findLatestBuild(path: string, config: string | undefined): Promise<number> {
  const at = path.lastIndexOf("/");
  const { owner, project } = parseProjectName(path.slice(0, Math.max(0, at)));
  const name = path.slice(at + 1);
  if (owner === undefined || project === "" || name === "") {
    throw new UsageError(`'${path}' is not of the form owner/project/package`);
  }
  const transport = createTransport({ coprUrl: requireFrontend(await readSettings(config)), userAgent: userAgent("copr-builder") });
  try {
    const { builds } = await getPackage(transport, { ownername: owner, projectname: project }, name, { with_latest_build: true });
    const id = builds?.latest?.id;
    if (id !== undefined) return id;
    throw new TaskError(`The package ${path} was never built`);
  } catch (error) {
    if (error instanceof RequestError) throw new TaskError(error.message, { cause: error });
    throw error;
  } finally {
    await transport.close();
  }
}
