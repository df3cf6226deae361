import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { sortedByLikeness } from "../../core/text/nearest.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import { exists } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { TaskError } from "../errors.ts";
import { retryGit } from "./git-retries.ts";
import { requireSuccess, type TaskContext } from "../task/task-context.ts";

/** A repository to clone. */
export interface CloneRequest {
  url: string;
  /** Commit, branch, tag or full reference; null or empty for what the repository checks out itself. */
  committish: string | null;
  /** `svn`: by git-svn, the whole history of the one directory. Default: git. */
  type?: "git" | "svn";
}

/**
 * Clones a repository with its submodules into `<work directory>/repo` and checks the commit out.
 * The directory's name is ours, not the stranger's (security: C10, C11, C13, C33). Returns its path.
 */
export async function cloneRepository(context: TaskContext, { url, committish, type = "git" }: CloneRequest): Promise<string> {
  const directory = join(await realpath(context.workDirectory), "repo");
  if (type === "svn") await clone(context, url, directory, ["git", "svn", "clone", "--", url, directory]);
  else await cloneGit(context, url, directory, committish ? ["--no-checkout"] : []);
  if (committish) await checkOut(context, directory, committish, type);
  // git's own script for them takes longer than all the rest, also where there are none.
  if (await exists(join(directory, ".gitmodules"))) await fetchSubmodules(context, directory);
  return directory;
}

/** The whole history only where a part is refused: a plain file server knows nothing of parts. */
async function cloneGit(context: TaskContext, url: string, directory: string, options: readonly string[]): Promise<void> {
  const argv = (...depth: string[]): string[] => ["git", "clone", ...depth, ...options, "--", url, directory];
  const isShallowRefused = (output: string): boolean => /does not support shallow|shallow capabilities/i.test(output);
  const partly = argv("--depth", "500", "--no-single-branch");
  if (!(await clone(context, url, directory, partly, isShallowRefused))) await clone(context, url, directory, argv());
}

/** Each try begins with an empty place. */
function clone(
  context: TaskContext,
  url: string,
  directory: string,
  argv: readonly string[],
  isRefused?: (output: string) => boolean,
): Promise<boolean> {
  return retryGit(context, {
    what: `Cannot clone ${withoutSecrets(url)}`,
    async tryOnce(options) {
      await removeTree(directory);
      return context.run(argv, { cwd: context.workDirectory, ...options });
    },
    isRefused,
  });
}

/** The commit is looked up first: no name a stranger chose ever stands where git expects options. A whole hash is none. */
async function checkOut(context: TaskContext, directory: string, committish: string, type: "git" | "svn"): Promise<void> {
  const argv = (commit: string): string[] => ["git", "checkout", "--quiet", "--detach", commit];
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(committish) && (await context.run(argv(committish), { cwd: directory })) === 0) return;
  if (committish.startsWith("refs/") && (await findCommit(context, directory, committish)) === undefined) {
    await fetchReference(context, directory, committish);
  }
  const commit =
    (await findCommit(context, directory, committish)) ??
    (await findCommit(context, directory, `${type === "svn" ? "refs/remotes" : "origin"}/${committish}`));
  if (commit === undefined) throw await unknownReference(context, directory, committish);
  const status = await context.run(argv(commit), { cwd: directory });
  if (status !== 0) throw new TaskError(`Cannot check out ${committish}: git ended with ${status}`);
}

/** A name that there is not, with those that may have been meant. A commit that is none is like no other. */
async function unknownReference(context: TaskContext, directory: string, name: string): Promise<TaskError> {
  const message = `The repository has no commit, branch or tag '${name}'`;
  const argv = ["git", "for-each-ref", "--format=%(refname)", "refs/tags", "refs/remotes"];
  // Only an extra: whatever happens to it, the name is unknown.
  const listing = await context.capture(argv, { cwd: directory, maxBytes: MAX_REFERENCE_BYTES }).catch(() => undefined);
  if (listing?.exitCode !== 0 || /^[0-9a-f]{7,64}$/.test(name)) return new TaskError(message);
  const known = listing.stdout
    .toString()
    .split("\n")
    .map((line) => line.replace(/^refs\/(tags\/|remotes\/(origin\/)?)/, ""));
  const wanted = name.replace(/^refs\/(heads|tags)\//, "");
  // Also one that is not alike: who asks for `main` may have to ask for `master`.
  const near = sortedByLikeness(wanted, new Set(known.filter((one) => one !== "" && one !== "HEAD"))).slice(0, NEAREST_REFERENCES);
  return new TaskError(message, near.length === 0 ? {} : { hint: `Its nearest are: ${near.map((one) => `'${one}'`).join(", ")}` });
}

const NEAREST_REFERENCES = 3;
const MAX_REFERENCE_BYTES = 4 * 1024 * 1024;

/** Those of the commit that is checked out, not of the branch the clone would have shown first. */
async function fetchSubmodules(context: TaskContext, directory: string): Promise<void> {
  const argv = ["git", "submodule", "update", "--init", "--recursive"];
  await retryGit(context, {
    what: "Cannot check out the submodules",
    tryOnce: (options) => context.run(argv, { cwd: directory, ...options }),
  });
}

/** References that a clone leaves out, such as those of pull requests. One that there is not is for the caller to miss. */
async function fetchReference(context: TaskContext, directory: string, name: string): Promise<void> {
  const argv = ["git", "fetch", "origin", "--", `${name}:${name}`];
  await retryGit(context, {
    what: `Cannot fetch ${name}`,
    tryOnce: (options) => context.run(argv, { cwd: directory, ...options }),
    isRefused: (output) => /couldn't find remote ref/i.test(output),
  });
}

async function findCommit(context: TaskContext, directory: string, name: string): Promise<string | undefined> {
  const argv = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const { exitCode, stdout } = await context.capture(argv, { cwd: directory });
  const commit = stdout.toString().trim();
  return exitCode === 0 && /^[0-9a-f]{40,64}$/.test(commit) ? commit : undefined;
}

/**
 * What dist-git servers call the version of a package: the branch that was asked for, or is checked out by itself;
 * else the commit. Upstream's `git checkout` leaves the clone on a branch, ours does not.
 */
export async function referenceOf(context: TaskContext, directory: string, committish: string | null): Promise<string> {
  if (committish && (await findCommit(context, directory, `refs/remotes/origin/${committish}`)) !== undefined) return committish;
  const name = await context.capture(["git", "rev-parse", ...(committish ? [] : ["--abbrev-ref"]), "HEAD"], { cwd: directory });
  requireSuccess(name, "Cannot tell what is checked out");
  return name.stdout.toString().trim();
}
