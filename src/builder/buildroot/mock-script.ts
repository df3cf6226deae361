import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import type { SrpmTask } from "../../core/task/build-task.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import { customMockProfile } from "../../core/mock/script-profile.ts";
import type { Macro } from "../../core/mock/settings.ts";
import { customScriptCommands } from "../sources/custom-script.ts";
import { TaskError } from "../errors.ts";
import { macrosOf } from "../task/macros.ts";
import { publishFile } from "../results/results.ts";
import { withLimit } from "../sources/script-limit.ts";
import { checkScriptOutput, scriptVariables } from "../sources/script-output.ts";
import { shellWord } from "../sources/shell-words.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { BuildInput, ScriptInput } from "./buildroot.ts";
import { requireMockSuccess, runMock } from "./mock-command.ts";
import { requireChroot, withChroot } from "./mock-session.ts";
import { repositoriesOf, snippetOf } from "./profile-parts.ts";

const WORK_DIRECTORY = "/workdir";
const CONFIG_NAME = "mock-config.cfg";

/**
 * Runs a script in a chroot of its own and makes the source package there, too: a stranger's spec file would run
 * commands on this machine, as it does upstream.
 */
export async function runScriptInMock(context: TaskContext, task: SrpmTask, input: ScriptInput): Promise<void> {
  const { source } = input;
  await requireChroot(context, source.chroot);
  const macros = macrosOf(task, context.settings);
  const { mockConfigDirectory: configDirectory } = context.settings;
  const parts = { chroot: source.chroot, configDirectory, snippet: await snippetOf(context, task), repositories: repositoriesOf(task) };
  const profileOf = (some: readonly Macro[]): string => customMockProfile({ ...parts, macros: some });
  await replaceFile(join(context.results, CONFIG_NAME), profileOf(macros));
  const resultDirectory = posix.resolve(WORK_DIRECTORY, source.resultdir ?? "");
  await withChroot(context, { name: CONFIG_NAME, macros, profileOf }, async (mock, inChroot) => {
    await runCommands(inChroot, task, input, { mock, resultDirectory });
    const made = await copyOut(inChroot, mock, resultDirectory);
    await buildSrpm(inChroot, mock, made);
  });
}

interface Places {
  mock: readonly string[];
  resultDirectory: string;
}

async function runCommands(
  context: TaskContext,
  task: SrpmTask,
  { source, script, payload }: ScriptInput,
  { mock, resultDirectory }: Places,
): Promise<void> {
  const commands = customScriptCommands({
    mock,
    script,
    payload,
    packages: packagesOf(source.builddeps),
    workDirectory: WORK_DIRECTORY,
    resultDirectory,
    variables: scriptVariables(task),
  });
  await withLimit(source.timeout, async (deadline) => {
    for (const argv of commands) requireMockSuccess(await runMock(context, argv, { cwd: context.workDirectory, deadline }), "Build failed");
  });
}

/** mock reads options anywhere on its command line; the definition's check lets none through (security: C16). */
function packagesOf(names: string | readonly string[] | null | undefined): string[] {
  const words = typeof names === "string" ? names.split(/\s+/) : [...(names ?? [])];
  const packages = words.filter((word) => word !== "");
  const option = packages.find((word) => word.startsWith("-"));
  if (option !== undefined) throw new TaskError(`'${option}' is not the name of a package`);
  return packages;
}

/**
 * mock looks for the directory from outside of the chroot, where a link in its place would lead to files of this
 * machine, and takes it for a pattern; so it has to be exactly what its name says (security: C35).
 */
async function copyOut(context: TaskContext, mock: readonly string[], directory: string): Promise<BuildInput> {
  const { workDirectory } = context;
  if (/[*?[\]]/.test(directory))
    throw new TaskError(`The result directory '${directory}' of the script has a name that mock takes for a pattern`);
  if (directory !== WORK_DIRECTORY) {
    const test = `test -d ${shellWord(directory)} && test "$(realpath ${shellWord(directory)})" = ${shellWord(directory)}`;
    const status = await runMock(context, [...mock, "--unpriv", "--chroot", test], { cwd: workDirectory });
    if (status !== 0) throw new TaskError(`The script has left no directory '${directory}', or it is a link`);
  }
  const target = join(workDirectory, "srcdir");
  const status = await runMock(context, [...mock, "--copyout", directory, target], { cwd: workDirectory });
  requireMockSuccess(status, "The script's results can't be copied");
  return checkScriptOutput(target);
}

async function buildSrpm(context: TaskContext, mock: readonly string[], { spec, sources }: BuildInput): Promise<void> {
  const { workDirectory, results } = context;
  const output = join(workDirectory, "srpm");
  await ensureDirectory(output);
  const argv = [...mock, "--no-clean", "--buildsrpm", "--spec", spec, "--sources", sources, "--resultdir", output];
  requireMockSuccess(await runMock(context, argv, { cwd: workDirectory }), "The source package could not be made");
  for (const name of (await readdir(output)).filter((one) => one.endsWith(".src.rpm")))
    await publishFile(join(output, name), results, name);
}
