import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runProgram } from "./program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const LISTING = 'process.on("exit", () => process.stderr.write(Object.keys(require.cache).join("\\n")));';

/** The parts of the bundle that a command line has loaded, without their hashes; `argv` begins with Node. */
export async function loadedParts([node, ...words]: readonly string[]): Promise<string[]> {
  const listing = join(await temporaryDirectory(), "list.cjs");
  await writeFile(listing, LISTING);
  const { stderr } = await runProgram([node as string, "--require", listing, ...words]);
  return stderr.split("\n").map((path) => basename(path).replace(/-[\w-]{8}\.cjs$/, ""));
}
