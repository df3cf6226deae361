import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, type Outcome, type ProgramOptions, runProgram } from "./program.ts";

/** A home whose shell finds copr-cli on its PATH; what else than completion it is run for is only written down. */
export interface TypingHome {
  directory: string;
  env: Readonly<Record<string, string>>;
}

/** Makes one in an empty directory; `config` is the text of `~/.config/copr`, written elsewhere. */
export async function typingHome(directory: string, config: string): Promise<TypingHome> {
  const configPath = join(directory, "copr.conf");
  await writeFile(configPath, config);
  const [node, cli] = bin.cli;
  const wrapper = `#!/bin/sh
case " $* " in
    *" __complete "*) exec '${node}' '${cli}' --config '${configPath}' "$@" ;;
    *) { printf '<%s>' "$@"; echo; } >>'${directory}/called' ;;
esac
`;
  for (const name of ["copr-cli", "copr"]) await writeFile(join(directory, name), wrapper, { mode: 0o755 });
  const env = {
    HOME: directory,
    PATH: `${directory}:${process.env["PATH"]}`,
    XDG_CACHE_HOME: join(directory, "cache"),
    ZDOTDIR: directory,
    TERM: "dumb",
    HISTFILE: "",
    no_proxy: "127.0.0.1",
  };
  return { directory, env };
}

/** How a shell is started in that home with these lines run first. */
const shells = { bash: ["bash", "--noprofile", "--rcfile", ".zshrc", "-i"], zsh: ["zsh", "-d", "-i"] };

/** Runs a program on a terminal and types each line when its prompt is there. Standard output is what the terminal showed. */
export function typeAt(
  dialogue: readonly (readonly [prompt: string, line: string])[],
  argv: readonly string[],
  options: ProgramOptions,
): Promise<Outcome> {
  const script = fileURLToPath(new URL("./typed-line.py", import.meta.url));
  return runProgram(["python3", script, JSON.stringify(dialogue), ...argv], options);
}

/** Types lines into a real interactive shell; `\t` completes. Resolves to the arguments of the calls, as `<a><b>`. */
export async function typeInto(
  shell: keyof typeof shells,
  setUp: string,
  lines: readonly string[],
  { directory, env }: TypingHome,
): Promise<string> {
  await writeFile(join(directory, ".zshrc"), `PS1='ready>'\n${setUp}\n`);
  const { stdout } = await typeAt(
    [...lines, "exit\r"].map((line) => ["ready>", line] as const),
    shells[shell],
    { cwd: directory, env },
  );
  return readFile(join(directory, "called"), "utf8").catch(() => `nothing was called:\n${stdout}`);
}
