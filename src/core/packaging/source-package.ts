import { copyFile, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { downloadSources } from "./dist-git.ts";
import { findDistGitInstance, readDistGitConfig } from "./dist-git-config.ts";
import { knownDistGitInstances } from "./dist-git-instances.ts";
import { CoprError } from "../errors.ts";
import { fetchToFile } from "../http/fetch-file.ts";
import { exists } from "../files/directories.ts";
import { capture } from "../process/run.ts";
import { requireReadableCheckout } from "./readable-checkout.ts";
import { findSpecFile, readSpecFile, type SpecFacts, type SpecSource } from "./spec-file.ts";
import type { PackagingTool } from "./packaging-tools.ts";
import type { Transport } from "../http/transport.ts";

export interface SourcePackageRequest {
  /** A checkout: of dist-git, or of a project with a spec file in it (Packit and tito layouts too). */
  directory: string;
  /** An empty directory, in which it is made. */
  output: string;
  transport: Transport;
  tool?: PackagingTool | undefined;
  signal?: AbortSignal | undefined;
}

/** What is packaged. */
type Checkout = Pick<SourcePackageRequest, "directory" | "transport" | "signal">;

const MAX_SOURCE_BYTES = 50 * 1024 ** 3;

/**
 * Makes the source package of a checkout; resolves to the package's path.
 * Sources come from the checkout, its lookaside cache, `git archive` (for the project's own tarball) or their
 * addresses, in this order. Throws CoprError naming what is missing.
 */
export async function makeSourcePackage(request: SourcePackageRequest): Promise<string> {
  const { tool, output, signal } = request;
  if (tool !== undefined) return runTool(tool, request);
  return buildSrpm(await gatherSources(request, output), output, signal);
}

/**
 * Puts the checkout's spec file and all its sources into one directory; resolves to the path of the spec file there.
 * Throws CoprError naming what is missing.
 */
export async function gatherSources(request: Checkout, output: string): Promise<string> {
  const spec = await findSpecFile(request.directory);
  if (spec === undefined) throw new CoprError(`There is no spec file in '${request.directory}'`);
  const facts = await readSpecFile(spec);
  const lookaside = await fetchLookaside(request, spec);
  const places = [dirname(spec), request.directory, ...(lookaside === undefined ? [] : [lookaside])];
  for (const [index, source] of facts.sources.entries()) {
    await provide(request, { source, isFirst: index === 0, facts, places, output });
  }
  const staged = join(output, basename(spec));
  await copyFile(spec, staged);
  return staged;
}

interface Wanted {
  source: SpecSource;
  isFirst: boolean;
  facts: SpecFacts;
  /** Directories to look in. */
  places: string[];
  output: string;
}

/** Puts one source beside the package that is to be made. */
async function provide({ directory, transport, signal }: Checkout, { source, isFirst, facts, places, output }: Wanted): Promise<void> {
  const target = join(output, source.file);
  if (await exists(target)) return;
  for (const place of places) {
    if (await exists(join(place, source.file))) return copyFile(join(place, source.file), target);
  }
  // Else another source would be taken for that of its lookaside cache, or none found.
  await requireReadableCheckout(directory);
  if (isFirst && (await archiveCheckout(directory, facts, target))) return;
  if (source.url !== undefined && /^https?:/i.test(source.url)) {
    return fetchToFile(transport, source.url, target, { maxBytes: MAX_SOURCE_BYTES, signal });
  }
  throw new CoprError(`The source '${source.file}' is not in '${directory}', and there is no address to download it from`);
}

/** The project's own tarball, as `tito build` and Packit make it; false where it is no tarball or no git checkout. */
async function archiveCheckout(directory: string, { name, version }: SpecFacts, target: string): Promise<boolean> {
  const format = /\.(tar|tar\.gz|tgz|zip)$/.exec(target)?.[1];
  const stem = basename(target).replace(/\.(tar|tar\.gz|tgz|zip)$/, "");
  if (format === undefined || !(await isProjectCheckout(directory))) return false;
  const { exitCode } = await capture([
    "git",
    "-C",
    directory,
    "archive",
    `--format=${format}`,
    `--prefix=${name}-${version}/`,
    `--output=${target}`,
    "HEAD",
  ]);
  return exitCode === 0 && stem !== "";
}

/** A checkout of the project itself, not of a dist-git repository that only packages it. */
async function isProjectCheckout(directory: string): Promise<boolean> {
  const { exitCode, stdout } = await capture(["git", "-C", directory, "ls-files"]);
  if (exitCode !== 0) return false;
  const files = stdout.toString().split("\n").filter(Boolean);
  return !files.includes("sources") && files.some((file) => !/\.(spec|patch)$|^\.|^(README|gating|plans|tests|ci)/.test(file));
}

/** Resolves to the directory the server keeps sources in, where it is known. */
async function fetchLookaside({ transport, directory, signal }: Checkout, spec: string): Promise<string | undefined> {
  const origin = await capture(["git", "-C", directory, "remote", "get-url", "origin"]);
  if (origin.exitCode !== 0) return undefined;
  const configured = await readDistGitConfig(process.env["COPR_DISTGIT_CLIENT_CONFDIR"] || "/etc/dist-git-client");
  const cloneUrl = origin.stdout.toString().trim();
  const instance = findDistGitInstance([...configured, ...knownDistGitInstances], cloneUrl);
  await downloadSources({
    // The list is at the top of the checkout where the server has a directory for specs, else beside the spec file.
    directory: instance === undefined || instance.specs === "." ? dirname(spec) : directory,
    cloneUrl,
    instance,
    specName: basename(spec),
    reference: () => checkedOut(directory),
    transport,
    signal,
  });
  return instance === undefined ? undefined : join(directory, instance.sources);
}

/** The branch, or the commit where none is checked out. */
async function checkedOut(directory: string): Promise<string> {
  const branch = await capture(["git", "-C", directory, "symbolic-ref", "--quiet", "--short", "HEAD"]);
  if (branch.exitCode === 0) return branch.stdout.toString().trim();
  return (await capture(["git", "-C", directory, "rev-parse", "HEAD"])).stdout.toString().trim();
}

async function buildSrpm(spec: string, output: string, signal: AbortSignal | undefined): Promise<string> {
  const directories = ["_sourcedir", "_specdir", "_srcrpmdir"].flatMap((name) => ["--define", `${name} ${output}`]);
  const built = await capture(["rpmbuild", "-bs", "--nodeps", "--define", "dist %nil", ...directories, spec], { signal });
  signal?.throwIfAborted();
  if (built.exitCode === 0) return onlySrpm(output);
  throw new CoprError(`The source package could not be made: ${built.stderr.toString().trim().split("\n").at(-1) ?? ""}`);
}

async function runTool(tool: PackagingTool, { directory, output }: SourcePackageRequest): Promise<string> {
  const argv = {
    fedpkg: ["fedpkg", "--path", await realpath(directory), "srpm", "--define", `_srcrpmdir ${output}`],
    rpkg: ["rpkg", "srpm", "--outdir", output],
    tito: ["tito", "build", "--srpm", "--output", output],
  }[tool];
  const { exitCode, stdout, stderr } = await capture(argv, { cwd: directory });
  if (exitCode === 0) return onlySrpm(output);
  throw new CoprError(
    `${tool} could not make the source package: ${(stderr.toString() || stdout.toString()).trim().split("\n").at(-1) ?? ""}`,
  );
}

async function onlySrpm(directory: string): Promise<string> {
  const found = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".src.rpm"));
  if (found.length === 1) return join(directory, found[0] as string);
  throw new CoprError(found.length === 0 ? "No source package was made" : `Several source packages were made: ${found.sort().join(", ")}`);
}
