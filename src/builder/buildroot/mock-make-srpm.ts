import { chmod } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { SrpmTask } from "../../core/task/build-task.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import { sourceMockProfile } from "../../core/mock/source-profile.ts";
import { pythonLiteral } from "../../core/mock/python-literal.ts";
import { publishForeignSrpm } from "../results/foreign-srpm.ts";
import { macrosOf } from "../task/macros.ts";
import { shellWord } from "../sources/shell-words.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { MakeInput } from "./buildroot.ts";
import { requireMockSuccess, runMock } from "./mock-command.ts";
import { withChroot } from "./mock-session.ts";

const CONFIG_NAME = "mock-source-build.cfg";

/**
 * Runs the clone's `.copr/Makefile` as root of a chroot that sees only the clone and a directory for the result. What
 * lies there afterwards is a stranger's: only a source package is taken from it.
 */
export async function makeSrpmInMock(context: TaskContext, task: SrpmTask, input: MakeInput): Promise<void> {
  const { workDirectory, settings, results } = context;
  const output = join(workDirectory, "safe-resultdir");
  await ensureDirectory(output);
  // Users of the chroot are others to us; above, the work directory keeps the users of this machine out.
  for (const directory of [input.clone, output]) await chmod(directory, 0o707);
  const places = { clone: `/mnt/${basename(workDirectory)}/${input.name}`, output: `/mnt/safe-${basename(workDirectory)}` };
  const mounts = pythonLiteral([{ tuple: [input.clone, places.clone] }, { tuple: [output, places.output] }]);
  const macros = macrosOf(task, settings);
  const profileOf = (some: typeof macros): string => sourceMockProfile(some, settings.mockConfigDirectory);
  await replaceFile(join(results, CONFIG_NAME), profileOf(macros));
  await withChroot(context, { name: CONFIG_NAME, macros, profileOf }, async (mock, inChroot) => {
    const argv = [...mock, `--plugin-option=bind_mount:dirs=${mounts}`, "--chroot", makeScript(input, places)];
    const status = await runMock(inChroot, argv, { cwd: workDirectory });
    requireMockSuccess(status, "The source package could not be made");
    await publishForeignSrpm(context, output);
  });
}

/** Shell text for the chroot. git refuses repositories of other users unless it is told that they are fine. */
function makeScript({ clone, directory, spec }: MakeInput, places: { clone: string; output: string }): string {
  const inner = (path: string): string => shellWord(join(places.clone, relative(clone, path)));
  const safe = `[safe]\ndirectory = ${places.clone}\ndirectory = ${places.clone}/*\n`;
  return [
    "set -x",
    `cd ${inner(directory)}`,
    `printf %s ${shellWord(safe)} > ~/.gitconfig`,
    `make -f ${inner(join(clone, ".copr", "Makefile"))} srpm outdir=${shellWord(places.output)} spec=${inner(spec)}`,
  ].join(" && ");
}
