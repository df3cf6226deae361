import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { CoprError } from "../errors.ts";
import { ensureDirectory } from "../files/directories.ts";
import { fetchToFile } from "../http/fetch-file.ts";
import type { Transport } from "../http/transport.ts";
import { unpackSrpm } from "../packaging/srpm-content.ts";
import { capture } from "../process/run.ts";
import type { Commit } from "./published-commit.ts";

const MAX_SRPM_BYTES = 50 * 1024 ** 3;

/**
 * Makes a git repository of what a published source package holds, as dist-git has it but with all sources in git, and
 * resolves to its address and commit. `directory` must not exist yet. Throws CoprError.
 */
export async function makeSrpmRepository(
  transport: Transport,
  url: string,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<Commit> {
  const repository = join(directory, "repository");
  await ensureDirectory(repository);
  const srpm = join(directory, "source.src.rpm");
  await fetchToFile(transport, url, srpm, { signal, maxBytes: MAX_SRPM_BYTES, attempts: 3 });
  await unpackSrpm({ srpm, directory: repository, signal });
  const git = async (...words: string[]): Promise<string> => {
    const { exitCode, stdout } = await capture(["git", ...words], { cwd: repository, env: gitEnvironment(), signal });
    signal?.throwIfAborted();
    if (exitCode !== 0) throw new CoprError(`'git ${words[0]}' can't make a repository of ${basename(new URL(url).pathname)}`);
    return stdout.toString().trim();
  };
  await git("init", "--quiet");
  await git("add", "--all", "--force", ".");
  await git("commit", "--quiet", "--no-verify", "--message", "Sources of the build");
  return { git_repo: pathToFileURL(repository).href, git_hash: await git("rev-parse", "HEAD") };
}

/** Neither the user's nor the machine's configuration has a say in it. */
function gitEnvironment(): Record<string, string> {
  const person = { NAME: "copr-cli", EMAIL: "copr-cli@localhost" };
  const people = ["AUTHOR", "COMMITTER"].flatMap((role) => Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value]));
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    ...(Object.fromEntries(people) as Record<string, string>),
  };
}
