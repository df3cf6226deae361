import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "./programs.ts";

/**
 * Unpacks an SRPM with RPM's own converter, because cpio is not installed everywhere. A file between
 * the two programs, for tar leaves a pipe as soon as it has seen the end of the archive.
 */
export async function extractSrpm(srpm: string, directory: string): Promise<void> {
  const archive = `${directory}.tar`;
  const [input, output] = await Promise.all([open(srpm), open(archive, "w")]);
  try {
    const converter = spawn("rpm2archive", ["--nocompression", "-"], { stdio: [input.fd, output.fd, "ignore"] });
    const [code] = (await once(converter, "close")) as [number | null];
    if (code !== 0) throw new Error(`cannot unpack ${srpm}`);
  } finally {
    await Promise.all([input.close(), output.close()]);
  }
  await runProgram(["tar", "--extract", "--no-same-owner", "--file", archive, "--directory", directory]);
}

/** The one source RPM of a directory. */
export async function findSrpm(directory: string): Promise<string> {
  const name = (await readdir(directory)).toSorted().find((each) => each.endsWith(".src.rpm"));
  if (name === undefined) throw new Error("no source RPM in the results");
  return join(directory, name);
}
