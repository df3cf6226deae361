import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { type Command, Option } from "commander";
import { CoprError, describeFileError } from "../../core/errors.ts";
import { readBeginning } from "../../core/files/input.ts";
import type { ProjectFile } from "../../core/project-file/project-file.ts";
import { knowPasswordOf } from "../../core/text/known-secrets.ts";
import type { Context } from "../context.ts";

/** The file that `plan` and `apply` are about. */
export interface FileOptions {
  file: string;
}

/** Adds `--file`. */
export function addFileOption(command: Command): Command {
  return command.addOption(new Option("-f, --file <path>", "the project's file, YAML or JSON; - for standard input").default("copr.yaml"));
}

/** A project file of this user, and where its own paths lead from. */
export interface NamedFile {
  /** With the whole name of the project. */
  file: ProjectFile;
  directory: string;
}

/** Reads the file. Throws CoprError if it can't be read, and ProjectFileError for what it can't mean. */
export async function readNamedFile(context: Context, { file: path }: FileOptions): Promise<NamedFile> {
  const { parseProjectFile } = await import("../../core/project-file/read-file.ts");
  const { file } = parseProjectFile(await contentOf(path === "-" ? process.stdin : path), nameOf(path));
  for (const entry of Object.values(file.packages ?? {})) {
    if (entry?.source && "clone_url" in entry.source) knowPasswordOf(entry.source.clone_url);
  }
  const { ownername, projectname } = await context.project(file.project);
  return { file: { ...file, project: `${ownername}/${projectname}` }, directory: dirname(path) };
}

/** What the file is called where something is said of it. */
export function nameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}

/** The bytes of a file, or of a stream. Throws CoprError. */
export async function contentOf(source: string | Readable): Promise<Uint8Array> {
  try {
    const { maxYamlBytes } = await import("../../core/text/yaml-file.ts");
    return await readBeginning(source, maxYamlBytes + 1);
  } catch (cause) {
    const hint = source === "copr.yaml" ? "Name the file with --file, or write one with 'copr-cli export'." : undefined;
    const name = typeof source === "string" ? `'${source}'` : "standard input";
    throw new CoprError(`Cannot read ${name}: ${describeFileError(cause)}`, { cause, hint });
  }
}
