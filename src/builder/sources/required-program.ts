import { findProgram } from "../../core/process/find-program.ts";
import { TaskError } from "../errors.ts";
import type { TaskContext } from "../task/task-context.ts";

/** Fedora's package of each program that not every builder has. */
const packages = {
  rpkg: "rpkg",
  tito: "tito",
  pyp2rpm: "pyp2rpm",
  pyp2spec: "pyp2spec",
  gem2rpm: "rubygem-gem2rpm",
  mock: "mock",
  make: "make",
} as const;

/** Throws TaskError that names the package to install when a program is missing: better than after a long clone. */
export async function requireProgram({ environment }: TaskContext, name: keyof typeof packages): Promise<void> {
  if (await findProgram(name, environment["PATH"])) return;
  throw missing(name, packages[name]);
}

/** The same for git-svn, which is a part of git with a package of its own. */
export async function requireGitSvn({ capture }: TaskContext): Promise<void> {
  if ((await capture(["git", "svn", "--version"])).exitCode !== 0) throw missing("git-svn", "git-svn");
}

function missing(program: string, name: string): TaskError {
  return new TaskError(`The program '${program}' is not installed on this builder`, { hint: `Install the package ${name}.` });
}
