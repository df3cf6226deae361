import { lstat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ensureDirectory } from "../../core/files/directories.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import type { Source } from "../../core/task/build-task.ts";
import { TaskError } from "../errors.ts";
import { publishForeignSrpm } from "../results/foreign-srpm.ts";
import { cloneRepository } from "./git.ts";
import { findInside } from "./repository-paths.ts";
import { requireGitSvn, requireProgram } from "./required-program.ts";
import type { TaskContext } from "../task/task-context.ts";
import { writeRpkgConfig } from "./rpkg-config.ts";
import type { SourceProvider, SourceRequest } from "./source.ts";

type ScmSource = Extract<Source, { type: "scm" }>;

/** A repository with what a source package is made of, and a tool that makes it. */
export const scm: SourceProvider<"scm"> = {
  type: "scm",
  async produceSrpm(context, request) {
    const { source, task, buildroot } = request;
    const method = source.srpm_build_method ?? "rpkg";
    await requireTools(context, request, method);
    const { clone_url: url, committish = null, scm_type: type } = source;
    const clone = await cloneRepository(context, { url, committish, type });
    const { directory, spec } = await findPlaces(clone, source);
    if (method === "make_srpm") return buildroot.makeSrpm(context, task, { clone, directory, spec, name: repositoryName(url) });
    const output = join(context.workDirectory, "scm-output");
    await ensureDirectory(output);
    const argv = await commandOf(context, { method, url, spec, output });
    const status = await context.run(argv, { cwd: directory });
    if (status !== 0) throw new TaskError(`The source package could not be made: ${argv[0]} ended with ${status}`);
    await publishForeignSrpm(context, output);
  },
};

type Method = NonNullable<ScmSource["srpm_build_method"]>;

async function requireTools(context: TaskContext, { source, buildroot }: SourceRequest<"scm">, method: Method): Promise<void> {
  const { scm_type: type, clone_url: url } = source;
  if (type === "svn") {
    if (!/^(https?|svn|file):/i.test(url))
      throw new TaskError("The address of a Subversion repository must begin with https:, http: or svn:");
    await requireGitSvn(context);
  } else if (/^svn:/i.test(url)) {
    throw new TaskError("The address of a git repository must not begin with svn:");
  }
  if (method === "make_srpm") await requireProgram(context, buildroot.name === "mock" ? "mock" : "make");
  else await requireProgram(context, method === "rpkg" ? "rpkg" : "tito");
}

/** Where the tool runs, and the spec file, which may have to be made first; both inside the clone (security: C12). */
async function findPlaces(clone: string, { clone_url: url, subdirectory, spec }: ScmSource): Promise<{ directory: string; spec: string }> {
  const directory = await findInside(clone, subdirectory ?? "");
  const isDirectory = directory !== undefined && (await lstat(directory)).isDirectory();
  if (!isDirectory) {
    const where = `repository ${withoutSecrets(url)}`;
    throw new TaskError(`The user-defined SCM subdirectory \`${subdirectory}' doesn't exist within this ${where}`);
  }
  const wanted = join(directory, spec ?? "");
  const found = await findInside(clone, relative(clone, wanted));
  if (found === undefined) await findInside(clone, relative(clone, dirname(wanted)));
  // A dangling link could be written through.
  if (found === undefined && (await lstat(wanted).catch(() => undefined))) throw new TaskError(`The link '${spec}' leads nowhere`);
  return { directory, spec: found ?? wanted };
}

interface Command {
  method: Exclude<Method, "make_srpm">;
  url: string;
  spec: string;
  output: string;
}

async function commandOf({ home, settings }: TaskContext, { method, url, spec, output }: Command): Promise<string[]> {
  if (method === "tito") return ["tito", "build", "--srpm", "--output", output];
  if (method === "tito_test") return ["tito", "build", "--test", "--srpm", "--output", output];
  if (!(await lstat(spec).catch(() => undefined))) throw new TaskError(`The repository has no file '${spec.split("/").at(-1)}'`);
  await writeRpkgConfig(home, settings.rpkgServers, url);
  return ["rpkg", "srpm", "--outdir", output, "--spec", spec];
}

/** Last part of the address without its extension, which Makefiles may take for the package's name; `repo` when it is no plain name. */
function repositoryName(url: string): string {
  const name = (url.replace(/\/+$/, "").split("/").at(-1) ?? "").replace(/(.)\.[^.]*$/, "$1");
  return /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}$/.test(name) ? name : "repo";
}
