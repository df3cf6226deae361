import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { printError } from "../terminal.ts";

/** Reads a key from standard input: all of it, or on a terminal one line that is not shown. */
export async function readKey(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim();
  printError(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    for await (const line of reader) return line.trim();
    return "";
  } finally {
    reader.close();
    printError("\n");
  }
}
