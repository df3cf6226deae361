import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withoutSecrets } from "../core/fetch-file.ts";
import { removeTree } from "../core/files.ts";
import { TaskError } from "./errors.ts";
import { requireSuccess, type TaskContext } from "./task-context.ts";

/** Tries of a clone; only for troubles that pass. */
const ATTEMPTS = 5;
const FIRST_WAIT_MS = 2000;

/**
 * Clones a repository with its submodules into `<work directory>/repo` and checks the commit out.
 * The directory's name is ours, not the stranger's (security: C10, C11, C13, C33). Returns its path.
 */
export async function cloneRepository(context: TaskContext, url: string, committish: string | null): Promise<string> {
  const directory = join(await realpath(context.workDirectory), "repo");
  await cloneWithRetries(context, url, directory);
  if (committish) await checkOut(context, directory, committish);
  return directory;
}

async function cloneWithRetries(context: TaskContext, url: string, directory: string): Promise<void> {
  let depth: string[] = ["--depth", "500", "--no-single-branch"];
  for (let attempt = 1; ; attempt += 1) {
    const output = new OutputTail();
    const argv = ["git", "clone", ...depth, "--recursive", "--", url, directory];
    const status = await context.run(argv, { cwd: context.workDirectory, onOutput: (chunk) => output.add(chunk) });
    if (status === 0) return;
    await removeTree(directory);
    if (depth.length > 0 && /does not support shallow|shallow capabilities/i.test(output.text)) {
      // A plain file server can only give the whole history.
      depth = [];
      continue;
    }
    if (attempt >= ATTEMPTS || !mayRecover(output.text)) {
      throw new TaskError(`Cannot clone ${withoutSecrets(url)}: ${lastLine(output.text) || `git ended with ${status}`}`);
    }
    const waitMs = FIRST_WAIT_MS * 2 ** (attempt - 1);
    context.log.say(`The clone failed for a reason that may pass, trying again in ${waitMs / 1000} s`);
    await sleep(waitMs, undefined, { signal: context.signal });
  }
}

/** The commit is looked up first: no name a stranger chose ever stands where git expects options. */
async function checkOut(context: TaskContext, directory: string, committish: string): Promise<void> {
  const git = (...words: string[]) => context.capture(["git", ...words], { cwd: directory });
  if (committish.startsWith("refs/"))
    requireSuccess(await git("fetch", "origin", "--", `${committish}:${committish}`), `Cannot fetch ${committish}`);
  for (const name of [committish, `origin/${committish}`]) {
    const found = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);
    if (found.exitCode !== 0) continue;
    const commit = found.stdout.toString().trim();
    if (!/^[0-9a-f]{40,64}$/.test(commit)) break;
    const status = await context.run(["git", "checkout", "--quiet", "--detach", commit], { cwd: directory });
    if (status !== 0) throw new TaskError(`Cannot check out ${committish}: git ended with ${status}`);
    const updated = await context.run(["git", "submodule", "update", "--init", "--recursive"], { cwd: directory });
    if (updated !== 0) throw new TaskError(`Cannot check out the submodules of ${committish}: git ended with ${updated}`);
    return;
  }
  throw new TaskError(`The repository has no commit, branch or tag '${committish}'`);
}

function mayRecover(output: string): boolean {
  return /could not resolve host|connection (refused|reset|timed out)|failed to connect|early EOF|unexpected disconnect|RPC failed|returned error: (5\d\d|429)|remote end hung up|temporary failure|operation timed out|TLS connection was non-properly terminated/i.test(
    output,
  );
}

function lastLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "";
}

/** The end of an output, enough to find the reason of a failure in it. */
class OutputTail {
  text = "";

  add(chunk: Buffer): void {
    this.text = (this.text + chunk.toString("latin1")).slice(-16_384);
  }
}
