import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a program did. */
export interface Outcome {
  /** Exit status; 128 + n is not used: a signal is told by its name. */
  exitCode: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

export interface ProgramOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  stdin?: string;
  timeoutMs?: number;
}

/** The built programs, as a user starts them. */
export const bin = {
  cli: [process.execPath, fileURLToPath(new URL("../../bin/copr-cli.js", import.meta.url))],
  builder: [process.execPath, fileURLToPath(new URL("../../bin/copr-builder.js", import.meta.url))],
  loggify: [process.execPath, fileURLToPath(new URL("../../bin/copr-rpmbuild-loggify.js", import.meta.url))],
} as const;

/** Another name of the builder's program, as in `bin/`. */
export function nameOfBuilder(name: string): string[] {
  return [process.execPath, fileURLToPath(new URL(`../../bin/${name}.js`, import.meta.url))];
}

/** Runs a real program to its end. */
export function runProgram(argv: readonly string[], { cwd, env, stdin, timeoutMs = 120_000 }: ProgramOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const [file, ...rest] = argv as [string, ...string[]];
    const child = spawn(file, rest, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (output.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (output.stderr += String(chunk)));
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ exitCode: code ?? (signal as NodeJS.Signals), ...output }));
  });
}

/** Runs a program that must succeed; resolves to its standard output. */
export async function output(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(argv, options);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")} ended with ${exitCode}:\n${stderr}${stdout}`);
  return stdout;
}

/** A command line for a shell, wherever the clone lies. */
export function shellLine(argv: readonly string[]): string {
  return argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}
