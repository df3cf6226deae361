import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Build, BuiltPackage } from "./models.ts";

/** What `results.json` of an SRPM task says about the package. */
export interface SrpmResults {
  name: string;
  epoch: number | null;
  version: string;
  release: string;
  architecture_specific_tags: Record<string, { exclusivearch?: string[]; excludearch?: string[] }>;
}

export interface RpmResults {
  packages: BuiltPackage[];
}

/** Live logs are published plain while they grow and only compressed afterwards. */
const compressedLogs = ["builder-live.log", "backend.log", "fedora-review/fedora-review.log"];

/** The directory of one project directory, `results/<owner>/<dirname>`. */
export function projectResults(root: string, build: Build): string {
  return join(root, build.project.ownername, build.options.project_dirname);
}

/** Copies what the builder left and tells whether it calls the build a success. */
export async function collectResults(from: string, to: string): Promise<boolean> {
  if (existsSync(from)) await cp(from, to, { recursive: true });
  return existsSync(join(to, "success"));
}

export async function readResults<Results>(directory: string): Promise<Results> {
  return JSON.parse(await readFile(join(directory, "results.json"), "utf8")) as Results;
}

export async function compressLogs(directory: string): Promise<void> {
  for (const name of compressedLogs) {
    const path = join(directory, name);
    if (!existsSync(path)) continue;
    await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`));
    await rm(path);
  }
}
