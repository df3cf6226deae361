import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, runProgram, shellLine } from "./program.ts";
import { runOnTerminal, type TerminalOptions } from "./terminal-run.ts";

const fastTimers = fileURLToPath(new URL("../goldens/preload/fast-timers.cjs", import.meta.url));

/** What became of a line. */
export interface ShellOutcome {
  exit: number | NodeJS.Signals;
  /** Standard output; of what is typed at a terminal all that it shows. */
  stdout: string;
  stderr: string;
}

/** A home with a working directory, whose shell finds copr-cli. */
export interface ShellHome {
  /** The home. */
  directory: string;
  /** Where lines are run. */
  work: string;
  /** Runs a line in bash; with steps on a terminal, where a person does these. */
  run(line: string, steps?: TerminalOptions["steps"]): Promise<ShellOutcome>;
}

/** Makes one in a directory that is there. Nobody's tickets, proxies and accounts play a part; long waits are shortened. */
export async function makeShellHome(directory: string, more: Readonly<Record<string, string>> = {}): Promise<ShellHome> {
  const [programs, home, work, temporary] = ["bin", "home", "home/work", "tmp"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [programs, join(home, ".config"), work, temporary]) await mkdir(path, { recursive: true });
  const [node, program] = bin.cli;
  const argv = shellLine([node, `--require=${fastTimers}`, program]);
  await writeFile(join(programs, "copr-cli"), `#!/bin/sh\nexec ${argv} "$@"\n`, { mode: 0o755 });
  const env: Record<string, string> = {
    HOME: home,
    PATH: `${programs}:${process.env["PATH"]}`,
    TMPDIR: temporary,
    XDG_CACHE_HOME: "",
    XDG_STATE_HOME: "",
    KRB5CCNAME: `FILE:${directory}/no-tickets`,
    GOLDEN_SLEEP_LOG: join(directory, "sleeps"),
    LANG: "C.UTF-8",
    TZ: "UTC",
    CI: "",
    GITHUB_ACTIONS: "",
    GITLAB_CI: "",
    no_proxy: "127.0.0.1",
    ...more,
  };
  return {
    directory: home,
    work,
    async run(line, steps) {
      if (steps === undefined) {
        const { exitCode: exit, stdout, stderr } = await runProgram(["bash", "-c", line], { cwd: work, env });
        return { exit, stdout, stderr };
      }
      const { exit, history } = await runOnTerminal(["bash", "-c", line], { cwd: work, env, steps, columns: 150, rows: 60 });
      return { exit, stdout: history.map((text) => `${text.trimEnd()}\n`).join(""), stderr: "" };
    },
  };
}
