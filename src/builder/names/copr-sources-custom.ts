import { posix } from "node:path";
import { Command } from "commander";
import { UsageError } from "../../core/errors.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { run as runProcess } from "../../core/process/run.ts";
import { customScriptCommands } from "../sources/custom-script.ts";
import { shellLine } from "../../core/text/shell-line.ts";
import { builderExitCodes, TaskError } from "../errors.ts";
import { readShellWord } from "../sources/shell-words.ts";
import { print, printError } from "../terminal.ts";
import { parseWords } from "./parse-words.ts";

/** Options of upstream's program. */
interface Options {
  mockConfig: string;
  script: string;
  hookPayloadFile?: string;
  builddeps?: string;
  resultdir: string;
  workdir: string;
  env?: string[];
}

/** The command line of `copr-sources-custom`. */
export function createProgram(): Command {
  return new Command("copr-sources-custom")
    .summary("run a script in a chroot of mock")
    .description("Generate spec + patches + tarballs using custom script in mock chroot.")
    .requiredOption("-r, --mock-config <config>", "chroot, as mock's -r takes it; also --root")
    .requiredOption("--script <file>", "the script")
    .option("--hook-payload-file <file>", "file that the script finds as hook_payload in its working directory")
    .option("--builddeps <packages>", "packages to install first, separated by blanks")
    .option("--resultdir <directory>", "where the script leaves its results, in the chroot", ".")
    .option("--workdir <directory>", "where the script runs, in the chroot", "/builddir/copr-sources-custom")
    .option("--env <NAME=value...>", "variables for the script; values are quoted as for a shell")
    .option("--version", "print the version")
    .allowExcessArguments(false);
}

/** `copr-sources-custom`: the first half of a custom source, under upstream's name and options. Resolves to 0 or throws. */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  // Commander knows one long name of an option.
  const renamed = words.map((word) => word.replace(/^--root(?==|$)/, "--mock-config"));
  if (!parseWords(program, renamed)) return builderExitCodes.ok;
  await runScript(program.opts<Options>());
  return builderExitCodes.ok;
}

async function runScript({
  mockConfig,
  script,
  hookPayloadFile: payload,
  builddeps = "",
  resultdir,
  workdir,
  env = [],
}: Options): Promise<void> {
  for (const [label, path] of Object.entries({ script, "hook payload": payload })) {
    if (path === undefined) continue;
    await readRegularFile(path, { maxBytes: MAX_FILE_BYTES, label }).catch((cause: Error) => {
      throw new UsageError(cause.message, { cause });
    });
  }
  const packages = builddeps.split(/\s+/).filter(Boolean);
  const option = packages.find((name) => name.startsWith("-"));
  if (option !== undefined) throw new UsageError(`'${option}' is not the name of a package`);
  const workDirectory = posix.resolve("/", workdir);
  const resultDirectory = posix.resolve(workDirectory, resultdir);
  say(`Working in '${workDirectory}'`);
  say(`Results should be created in '${resultDirectory}'`);
  const mock = ["mock", "-r", mockConfig];
  const commands = customScriptCommands({
    mock,
    script,
    payload,
    packages,
    workDirectory,
    resultDirectory,
    variables: env.map(readVariable),
  });
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => abort.abort());
  for (const argv of commands) {
    say(`running command: ${shellLine(argv)}`);
    const { exitCode } = await runProcess(argv, { signal: abort.signal, hasTerminal: true, onOutput: (chunk) => print(chunk) });
    if (abort.signal.aborted) throw new TaskError("Interrupted");
    if (exitCode !== 0) throw new TaskError(`'${shellLine(argv)}' ended with ${exitCode}`);
  }
}

const MAX_FILE_BYTES = 64 * 1024 ** 2;

/** The wording is that of Python's logging, as in upstream's logs. */
function say(text: string): void {
  printError(`INFO:__main__:${text}\n`);
}

/** Callers quote the values for the shell that upstream pastes them into. */
function readVariable(text: string): [name: string, value: string] {
  const [, name, quoted] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) ?? [];
  const value = quoted === undefined ? undefined : readShellWord(quoted);
  if (name === undefined || value === undefined) throw new UsageError(`The value of --env is not NAME=value with one quoted word: ${text}`);
  return [name, value];
}
