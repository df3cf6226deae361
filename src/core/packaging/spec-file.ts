import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CoprError } from "../errors.ts";
import { readInput } from "../files/input.ts";
import { capture } from "../process/run.ts";

/** A source or patch as the spec file names it, macros expanded. */
export interface SpecSource {
  /** Name of the file rpmbuild looks for. */
  file: string;
  /** Where it can be had; undefined for a plain name. */
  url: string | undefined;
}

export interface SpecFacts {
  name: string;
  version: string;
  sources: SpecSource[];
}

/** Directories that projects keep their packaging in. */
const packagingDirectories = [".", "SPECS", "rpm", "packaging", "packaging/rpm", "dist", "fedora"];
const MAX_PACKIT_BYTES = 1024 * 1024;
const packitFiles = [".packit.yaml", ".packit.yml", "packit.yaml", "packit.yml"];

/**
 * The spec file of a directory: the one Packit's configuration names, else the only one in the usual places.
 * Undefined when there is none; throws CoprError when it can't be decided.
 */
export async function findSpecFile(directory: string): Promise<string | undefined> {
  const configured = await specOfPackit(directory);
  if (configured !== undefined) return configured;
  for (const place of packagingDirectories) {
    const entries = await readdir(join(directory, place), { withFileTypes: true }).catch(() => []);
    const specs = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".spec")).map(({ name }) => name);
    if (specs.length > 1) throw new CoprError(`There are several spec files in '${join(directory, place)}': ${specs.sort().join(", ")}`);
    if (specs[0] !== undefined) return join(directory, place, specs[0]);
  }
  return undefined;
}

async function specOfPackit(directory: string): Promise<string | undefined> {
  for (const name of packitFiles) {
    const text = await readInput(join(directory, name), MAX_PACKIT_BYTES).catch(() => undefined);
    if (text === undefined) continue;
    const configured = await specfilePath(text.toString(), name);
    if (typeof configured !== "string") return undefined;
    const path = join(directory, configured);
    if ((await stat(path).catch(() => undefined))?.isFile()) return path;
    throw new CoprError(`${name} names the spec file '${configured}', which is not there`);
  }
  return undefined;
}

async function specfilePath(text: string, name: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return (parse(text, { logLevel: "error" }) as { specfile_path?: unknown } | null)?.specfile_path;
  } catch (cause) {
    const [reason = ""] = (cause as Error).message.split("\n", 1);
    throw new CoprError(`${name} is not YAML: ${reason.replace(/:$/, "")}`, { cause });
  }
}

/** Name, version and sources of a spec file, as rpm reads it. */
export async function readSpecFile(spec: string): Promise<SpecFacts> {
  const query = await rpmspec(spec, ["--query", "--srpm", "--queryformat", "%{NAME}\n%{VERSION}\n"]);
  const parsed = await rpmspec(spec, ["--parse"]);
  const [name = "", version = ""] = query.split("\n");
  const sources = [...parsed.matchAll(/^(?:Source|Patch)\d*\s*:\s*(\S+)\s*$/gim)].map(([, value]) => specSource(value as string));
  return { name, version, sources };
}

async function rpmspec(spec: string, words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await capture(["rpmspec", ...words, spec]);
  if (exitCode === 0) return stdout.toString();
  throw new CoprError(`The spec file '${spec}' can't be read: ${stderr.toString().trim().split("\n").at(-1) ?? ""}`);
}

/** Of an address the last part is the file, or what follows `#/`. */
function specSource(value: string): SpecSource {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
  const file = value.split("/").at(-1) as string;
  return { file, url: isUrl ? value : undefined };
}
