import { closeSync, openSync } from "node:fs";
import { makePipe } from "./pipe.ts";
import { supervise } from "./signals.ts";
import { exitStatus, type ProcessOptions, rethrowStartError, start, type StartedProgram } from "./start.ts";

/** Runs `first <inputPath | second` without a shell; resolves to the exit status of the first that failed, else 0. */
export async function pipeline(
  first: readonly string[],
  second: readonly string[],
  options: ProcessOptions & { inputPath: string },
): Promise<number> {
  const input = openSync(options.inputPath, "r");
  const pipe = await makePipe();
  const children: StartedProgram[] = [];
  try {
    children.push(start(first, options, { stdio: [input, pipe.writeEnd, "ignore"] }));
    children.push(start(second, options, { stdio: [pipe.readEnd, "ignore", "ignore"] }));
  } finally {
    closeSync(pipe.writeEnd);
    closeSync(pipe.readEnd);
    closeSync(input);
  }
  const supervisions = children.map((child) => supervise(child, options));
  const results = await Promise.all(children);
  for (const supervision of supervisions) supervision.end();
  rethrowStartError(results[0] as never, first, options);
  rethrowStartError(results[1] as never, second, options);
  return results.map(exitStatus).find((status) => status !== 0) ?? 0;
}
