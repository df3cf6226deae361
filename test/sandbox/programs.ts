import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

interface Surroundings {
  cwd?: string;
  env?: Record<string, string>;
  /** What the program reads; nothing by default. */
  input?: string;
}

/** Runs a program to its end and returns what it printed; an exit code other than 0 is an error. */
export async function runProgram(argv: readonly string[], around: Surroundings = {}): Promise<string> {
  const [program = "", ...parameters] = argv;
  const child = spawn(program, parameters, { cwd: around.cwd, env: { ...process.env, ...around.env } });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(around.input ?? "");
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${argv.join(" ")}: exit code ${code}\n${stderr}`);
  return stdout.trim();
}
