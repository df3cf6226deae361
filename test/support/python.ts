import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/**
 * What a real Python makes of a value: `script` finds it in the variable `given` and leaves its answer in `answer`.
 * Both travel as JSON, so lone surrogates survive.
 */
export async function askPython<T>(script: string, given: unknown): Promise<T> {
  const program = `import json, sys\ngiven = json.loads(sys.stdin.read())\n${script}\nsys.stdout.write(json.dumps(answer))\n`;
  const child = spawn("python3", ["-c", program], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(JSON.stringify(given));
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (status !== 0) throw new Error(`python3 ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
