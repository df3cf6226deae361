import { resolve } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../../core/errors.ts";
import { chrootNamePattern, parseProjectName, parseTaskId } from "../../core/task/names.ts";
import { shellLine } from "../../core/text/shell-line.ts";
import { builderExitCodes, TaskError } from "../errors.ts";
import type { ExpectedTask } from "../task/fetch-task.ts";
import { parseTaskUrl, type TaskOrigin } from "../task/origin.ts";
import { parseWords } from "./parse-words.ts";

/** Options of upstream's program; copr-backend and the heads of old logs call it with them. */
interface Options {
  config?: string;
  detached?: boolean;
  chroot?: string;
  dropResultdir?: boolean;
  srpm?: boolean;
  dumpConfigs?: boolean;
  buildId?: string;
  copr?: string;
  taskUrl?: string;
  taskFile?: string;
}

/** The command line of `copr-rpmbuild`. */
export function createProgram(): Command {
  const action = (flag: string, description: string, others: string[]): Option => new Option(flag, description).conflicts(others);
  return (
    new Command("copr-rpmbuild")
      .summary("do one build task of Copr")
      .description("Does one task of Copr: makes a source package, or builds packages in a chroot.")
      .option("-c, --config <path>", "configuration instead of /etc/copr-rpmbuild/main.ini")
      .option("-d, --detached", "return as soon as the task runs, and let it go on without a terminal")
      // Everything is told anyway.
      .option("-v, --verbose", "accepted for compatibility")
      .option("-r, --chroot <name>", "chroot to build packages in")
      .option("--drop-resultdir", "remove the results of earlier tasks")
      .addOption(action("--rpm", "build packages (default)", ["srpm", "dumpConfigs"]))
      .addOption(action("--srpm", "make a source package", ["rpm", "dumpConfigs"]))
      .addOption(action("--dump-configs", "only write the mock configuration of the chroot into the results", ["rpm", "srpm"]))
      .option("--build-id <id>", "build to do a task of, as the frontend knows it")
      .option("--copr <owner/project>", "build the package of the working directory as this project would")
      .option("--task-url <url>", "address of the build definition")
      .option("--task-file <path>", "local file with the build definition")
      .option("--version", "print the version")
      .addHelpText(
        "after",
        "\nExamples:\n  copr-rpmbuild --drop-resultdir --srpm --build-id 1234567\n  copr-rpmbuild --build-id 1234567 --chroot fedora-rawhide-x86_64\n  copr-rpmbuild --copr @copr/copr-dev --chroot fedora-rawhide-x86_64 --dump-configs",
      )
      .allowExcessArguments(false)
  );
}

/** `copr-rpmbuild`: upstream's name and options for `copr-builder run`. Resolves to 0 or 1, as upstream's. */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  const read = await readWords(program, words);
  if (read === undefined) return builderExitCodes.ok;
  const { options, origin } = read;
  if (options.detached) {
    const { startDetachedTask } = await import("../task/daemon.ts");
    // Only --copr means the working directory; nothing else should keep it busy.
    await startDetachedTask(wordsOf(options), options.copr === undefined ? "/" : process.cwd());
    return builderExitCodes.ok;
  }
  const { doTask } = await import("../task/start-task.ts");
  const status = await doTask({
    origin,
    host: { config: options.config },
    isForBackend: true,
    action: options.dumpConfigs ? "dump-configs" : "build",
    expected: expectedTask(options),
    keepsResults: !options.dropResultdir,
    commandLine: shellLine(["copr-rpmbuild", ...wordsOf(options)]),
  });
  return status.state === "succeeded" ? builderExitCodes.ok : builderExitCodes.failed;
}

/** What a command line asks for; undefined when that was help. One that is refused leaves no results of the task before, either. */
async function readWords(program: Command, words: readonly string[]): Promise<{ options: Options; origin: TaskOrigin } | undefined> {
  try {
    if (!parseWords(program, words)) return undefined;
    const options = program.opts<Options>();
    return { options, origin: originOf(options) };
  } catch (error) {
    const { dropResultdir, config } = program.opts<Options>();
    if (dropResultdir) await (await import("../task/drop-results.ts")).dropResults({ config });
    throw error;
  }
}

/** In upstream's order: a file beats an address, which beats an id. */
function originOf({ taskFile, taskUrl, buildId, copr, srpm, chroot }: Options): TaskOrigin {
  if (srpm && chroot !== undefined) throw new TaskError("--chroot option is not supported with --srpm");
  if (srpm && copr !== undefined) throw new TaskError("--copr option is not supported with --srpm");
  if (!srpm && chroot === undefined) throw new TaskError("Missing --chroot parameter");
  if (chroot?.includes("/")) {
    throw new TaskError("The -r/--chroot option expects a chroot name (e.g. fedora-rawhide-x86_64), not a file path");
  }
  if (chroot !== undefined && !chrootNamePattern.test(chroot)) throw new TaskError(`'${chroot}' is not the name of a chroot`);
  if (taskFile !== undefined) return { file: resolve(taskFile) };
  if (taskUrl !== undefined) return { url: parseTaskUrl(taskUrl) };
  if (buildId !== undefined) return { id: parseTaskId(srpm ? buildId : `${buildId}-${chroot}`) };
  if (copr === undefined) throw new UsageError("Name the task by --build-id, --task-url, --task-file or --copr");
  const project = parseProjectName(copr);
  if (project.owner === undefined || project.project === "") throw new UsageError(`'${copr}' is not of the form owner/project`);
  return { project: { ...project, chroot: chroot as string }, checkout: process.cwd() };
}

function expectedTask({ srpm, chroot }: Options): ExpectedTask {
  return srpm ? { kind: "srpm" } : { kind: "rpm", chroot };
}

/** The same command again, but in the foreground, and with paths that hold in any directory. */
function wordsOf(options: Options): string[] {
  const path = (value: string | undefined): string | undefined => (value === undefined ? undefined : resolve(value));
  const { dropResultdir, srpm, dumpConfigs, chroot, buildId, copr, taskUrl } = options;
  const flags = Object.entries({ "--drop-resultdir": dropResultdir, "--srpm": srpm, "--dump-configs": dumpConfigs });
  const values = Object.entries({
    "--config": path(options.config),
    "--build-id": buildId,
    "--copr": copr,
    "--task-url": taskUrl,
    "--task-file": path(options.taskFile),
    "--chroot": chroot,
  });
  return [
    ...flags.filter(([, isGiven]) => isGiven).map(([flag]) => flag),
    ...values.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
  ];
}
