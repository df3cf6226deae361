import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exists } from "../../src/core/files/directories.ts";
import { runProgram } from "./program.ts";

const program = fileURLToPath(new URL("mock-loading.py", import.meta.url));

/** A Python that has Jinja; undefined when there is none. */
export async function pythonWithJinja(): Promise<string | undefined> {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const script = "import jinja2, sys; print(sys.executable)";
    const { exitCode, stdout } = await runProgram([python, "-c", script]).catch(() => ({ exitCode: 1, stdout: "" }));
    if (exitCode === 0) return stdout.trim();
  }
  return undefined;
}

export interface LoadedConfig {
  /** Values after everything was executed and expanded; undefined when that failed. */
  values: Record<string, unknown> | undefined;
  stderr: string;
  /** Whether a payload made the file PWNED in the working directory. */
  isPwned: boolean;
}

/** Lets Python load a configuration in an empty working directory; `chroots` are those of /etc/mock. */
export async function loadMockConfig(
  python: string,
  directory: string,
  text: string,
  chroots: Readonly<Record<string, string>> = { "fedora-43-x86_64": "config_opts['root'] = 'fedora-43-x86_64'\n" },
): Promise<LoadedConfig> {
  const cwd = join(directory, "loading");
  await mkdir(join(cwd, "mock"), { recursive: true });
  for (const [name, content] of Object.entries(chroots)) await writeFile(join(cwd, "mock", `${name}.cfg`), content);
  await writeFile(join(cwd, "child.cfg"), text);
  const { exitCode, stdout, stderr } = await runProgram([python, program, join(cwd, "child.cfg"), join(cwd, "mock")], { cwd });
  const values = exitCode === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : undefined;
  return { values, stderr, isPwned: await exists(join(cwd, "PWNED")) };
}
