import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export interface CliRun {
  argv: readonly string[];
  /** Text of `~/.config/copr`; none when absent. */
  config?: string;
  stdin?: string;
  /** Files in the working directory. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  env?: Readonly<Record<string, string>>;
}

export interface CliResult {
  exit: number | null;
  stdout: string;
  stderr: string;
}

const program = fileURLToPath(new URL("../../bin/copr-cli.js", import.meta.url));
const fastTimers = fileURLToPath(new URL("../goldens/preload/fast-timers.cjs", import.meta.url));

/**
 * Runs the built copr-cli in a new directory with a home of its own; its long sleeps are shortened. Throws when it has left
 * something in its temporary directory.
 */
export async function runCli({ argv, config, stdin = "", files = {}, env = {} }: CliRun): Promise<CliResult> {
  const directory = await mkdtemp(join(tmpdir(), "copr-cli-"));
  try {
    const home = join(directory, "home");
    const work = join(directory, "work");
    await mkdir(join(home, ".config"), { recursive: true });
    const temporary = join(directory, "tmp");
    for (const path of [work, temporary]) await mkdir(path);
    if (config !== undefined) await writeFile(join(home, ".config", "copr"), config, { mode: 0o600 });
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(work, name)), { recursive: true });
      await writeFile(join(work, name), content);
    }
    const child = spawn(process.execPath, [`--require=${fastTimers}`, program, ...argv], {
      cwd: work,
      env: {
        PATH: process.env["PATH"],
        HOME: home,
        TMPDIR: temporary,
        LANG: "C.UTF-8",
        TZ: "UTC",
        GOLDEN_SLEEP_LOG: join(directory, "sleeps"),
        ...env,
      },
    });
    // The program may end before it has read its input.
    child.stdin.on("error", () => undefined).end(stdin);
    const exited = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    const left = await readdir(temporary);
    if (left.length > 0) throw new Error(`copr-cli ${argv.join(" ")} has left ${left.join(", ")}`);
    return { exit, stdout, stderr };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
