import { CoprError } from "../core/errors.ts";
import type { Terminal } from "./terminal.ts";

/** Asks a question until the line that comes from standard input is exactly yes or no, as upstream wants it. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: process.stdin });
  const ask = (): void => terminal.out(`${question} [y/n]? `);
  try {
    ask();
    for await (const line of lines) {
      if (line === "y" || line === "yes") return true;
      if (line === "n" || line === "no") return false;
      ask();
    }
  } finally {
    lines.close();
  }
  throw new CoprError("The input ended before the question was answered with yes or no");
}
