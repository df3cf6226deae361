import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Build } from "./models.ts";
import { runProgram } from "./programs.ts";
import { extractSrpm } from "./srpm.ts";

/** Text up to this size goes into git, everything else into the lookaside cache. */
const MAX_TEXT_BYTES = 256 * 1024;

type Git = (...parameters: string[]) => Promise<string>;

export interface DistGit {
  /** Bare repositories, served under /git. */
  repositories: string;
  /** `<package>/<file>/sha512/<hash>/<file>`, served under /lookaside. */
  lookaside: string;
  workspace: string;
}

/**
 * Puts an SRPM into the package's repository, one commit for each branch of the build's chroots, and
 * returns the commit of each chroot.
 */
export async function importSrpm(distGit: DistGit, build: Build, packageName: string, srpm: string): Promise<Map<string, string>> {
  const directory = await mkdtemp(join(distGit.workspace, "import-"));
  const workTree = join(directory, "tree");
  await mkdir(workTree);
  try {
    await extractSrpm(srpm, workTree);
    await moveToLookaside(distGit.lookaside, packageName, workTree);
    const { ownername, name } = build.project;
    const repository = join(distGit.repositories, ownername, name, packageName);
    return await commitToBranches(repository, workTree, build);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function branchOf(chroot: string): string {
  const [system = "", version = ""] = chroot.split("-");
  if (system === "fedora") return version === "rawhide" ? "master" : `f${version}`;
  if (system === "epel") return Number(version) < 7 ? `el${version}` : `epel${version}`;
  return chroot.slice(0, chroot.lastIndexOf("-"));
}

/** Leaves only what git is for in the directory, and the `sources` file that names the rest. */
async function moveToLookaside(lookaside: string, packageName: string, directory: string): Promise<void> {
  const lines: string[] = [];
  for (const name of (await readdir(directory)).toSorted()) {
    const path = join(directory, name);
    if (name.endsWith(".spec") || (await isSmallText(path))) continue;
    const hash = createHash("sha512")
      .update(await readFile(path))
      .digest("hex");
    const target = join(lookaside, packageName, name, "sha512", hash);
    await mkdir(target, { recursive: true });
    await copyFile(path, join(target, name));
    await rm(path);
    lines.push(`SHA512 (${name}) = ${hash}\n`);
  }
  await writeFile(join(directory, "sources"), lines.join(""));
}

async function isSmallText(path: string): Promise<boolean> {
  return (await stat(path)).size <= MAX_TEXT_BYTES && !(await readFile(path)).includes(0);
}

async function commitToBranches(repository: string, workTree: string, build: Build): Promise<Map<string, string>> {
  await runProgram(["git", "init", "--quiet", "--bare", "--initial-branch=master", repository]);
  const env = gitEnvironment(repository, workTree, build);
  const git: Git = async (...parameters) => await runProgram(["git", ...parameters], { env, cwd: workTree });
  await git("add", "--all", "--force", ".");
  const tree = await git("write-tree");
  const commits = new Map<string, string>();
  for (const branch of new Set(build.chroots.map(({ name }) => branchOf(name)))) {
    const parent = await git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);
    const parents = parent === "" ? [] : ["-p", parent];
    const commit = await git("commit-tree", tree, ...parents, "-m", `automatic import of build ${build.id}`);
    await git("update-ref", `refs/heads/${branch}`, commit);
    commits.set(branch, commit);
  }
  await pointHead(git, [...commits.keys()]);
  return new Map(build.chroots.map(({ name }) => [name, commits.get(branchOf(name)) ?? ""]));
}

/** Branches with the same history get the same commit, so who and when must not differ. */
function gitEnvironment(repository: string, workTree: string, build: Build): Record<string, string> {
  const date = `@${build.submitted_on} +0000`;
  return {
    GIT_DIR: repository,
    GIT_WORK_TREE: workTree,
    GIT_INDEX_FILE: `${workTree}.index`,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "sandbox",
    GIT_AUTHOR_EMAIL: "sandbox@localhost",
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: "sandbox",
    GIT_COMMITTER_EMAIL: "sandbox@localhost",
    GIT_COMMITTER_DATE: date,
  };
}

/** A HEAD that names no branch would leave clones without a checkout. */
async function pointHead(git: Git, branches: string[]): Promise<void> {
  const master = await git("for-each-ref", "refs/heads/master");
  if (master === "" && branches[0] !== undefined) await git("symbolic-ref", "HEAD", `refs/heads/${branches[0]}`);
}
