import { requireFields } from "../http/required-fields.ts";
import { filePart, jsonPart, multipart } from "../http/multipart.ts";
import { pages } from "./pages.ts";
import type { Transport } from "../http/transport.ts";
import { projectQuery } from "./project-query.ts";
import type { Build, Nevra, Page, ProjectRef, SourceBuildConfig, SourceChroot, TwinOptions } from "./types.ts";

/**
 * Options of every way to submit a build. Null means "the project's setting"; absent keys are not sent.
 * Numbers may be strings: the frontend converts, and upstream sends what the user typed.
 */
export interface BuildOptions {
  timeout?: number | string | null;
  /** Names or glob patterns; null means all enabled chroots. */
  chroots?: string[] | null;
  exclude_chroots?: string[];
  background?: boolean;
  isolation?: string;
  enable_net?: boolean;
  bootstrap?: string;
  after_build_id?: number | string;
  with_build_id?: number | string;
}

/** Where a build goes. */
export interface BuildTarget extends ProjectRef {
  project_dirname: string;
}

/** A build to submit: where it goes, and how it is built. Without `project_dirname` it goes to the project's main directory. */
export type Submission = ProjectRef & Partial<BuildTarget> & BuildOptions;

/** Without these, nobody could be told which build was made. */
export const submittedFields: readonly string[] = ["id", "projectname"];

/** A build. */
export function getBuild(transport: Transport, id: number | string): Promise<Build> {
  return transport.call({ method: "GET", path: ["build", id], needs: ["id", "state"] });
}

/** Builds of a project, newest first, page by page, each once. */
export async function* listBuilds(
  transport: Transport,
  project: ProjectRef,
  filter: { packagename?: string; status?: string; limit?: number } = {},
): AsyncIterable<Build> {
  const { limit = 1000, ...rest } = filter;
  // With a status the frontend's pages overlap: it counts the offset before it filters, and the limit after.
  const mayRepeat = filter.status !== undefined;
  const seen = new Set<number>();
  for await (const build of pages<Build>(transport, ["build", "list"], { ...projectQuery(project), ...rest }, limit, { mayRepeat })) {
    if (mayRepeat && seen.has(build.id)) continue;
    seen.add(build.id);
    yield build;
  }
}

/** Builds of a project, or of one package of it, newest first, in a single answer without limit. */
export async function listBuildsAtOnce(transport: Transport, project: ProjectRef, packagename?: string): Promise<Build[]> {
  const page = await transport.call<Page<Build>>({
    method: "GET",
    path: ["build", "list"],
    query: { ...projectQuery(project), packagename },
    needs: ["items"],
  });
  return page.items;
}

/** The latest builds of a project, newest first, no more than so many. */
export async function listLatestBuilds(transport: Transport, project: ProjectRef, limit: number): Promise<Build[]> {
  const page = await transport.call<Page<Build>>({
    method: "GET",
    path: ["build", "list"],
    query: { ...projectQuery(project), limit },
    needs: ["items"],
  });
  return page.items;
}

/** State and results of a build's SRPM phase. The frontend answers 500 until there is a result directory. */
export function getSourceChroot(transport: Transport, id: number | string): Promise<SourceChroot> {
  return transport.call({ method: "GET", path: ["build", "source-chroot", id] });
}

/** How a build was submitted. */
export function getSourceBuildConfig(transport: Transport, id: number | string): Promise<SourceBuildConfig> {
  return transport.call({ method: "GET", path: ["build", "source-build-config", id], needs: ["source_type", "source_dict"] });
}

/** Packages a build produced, by chroot. */
export function getBuiltPackages(transport: Transport, id: number | string): Promise<Record<string, { packages: Nevra[] }>> {
  return transport.call({ method: "GET", path: ["build", "built-packages", id] });
}

/** Cancels a build; the answer's state may still be the old one. The twin is POST. */
export function cancelBuild(transport: Transport, id: number | string, { twin }: TwinOptions = {}): Promise<Build> {
  return transport.call({ method: twin ? "POST" : "PUT", path: ["build", "cancel", id], needs: ["state"], auth: true });
}

/** Deletes one build. The twin is POST. */
export function deleteBuild(transport: Transport, id: number | string, { twin }: TwinOptions = {}): Promise<Build> {
  return transport.call({ method: twin ? "POST" : "DELETE", path: ["build", "delete", id], auth: true });
}

/** Deletes builds, all or none; resolves to their ids. The twin is POST. */
export function deleteBuilds(transport: Transport, builds: number[], { twin }: TwinOptions = {}): Promise<{ builds: number[] }> {
  return transport.call({
    method: twin ? "POST" : "DELETE",
    path: ["build", "delete", "list"],
    json: { builds },
    needs: ["builds"],
    auth: true,
  });
}

/** Asks whether a build like this would be accepted, before anything is uploaded. */
export function checkBeforeBuild(transport: Transport, build: Submission): Promise<{ message: string }> {
  return transport.call({ method: "POST", path: ["build", "check-before-build"], json: build, auth: true });
}

/** Submits a local .src.rpm or .spec. The file is streamed; a retry sends it from its first byte. */
export async function buildUpload(
  transport: Transport,
  path: string,
  build: Submission,
  onProgress?: (sentBytes: number) => void,
): Promise<Build> {
  const body = multipart([await filePart("pkgs", path, "application/x-rpm"), jsonPart(build)]);
  return transport.call({
    method: "POST",
    path: ["build", "create", "upload"],
    multipart: body,
    needs: submittedFields,
    auth: true,
    ...(onProgress ? { onProgress } : {}),
  });
}

/** Submits source packages by their addresses; the frontend makes one build of each. */
export async function buildUrls(transport: Transport, urls: string[], build: Submission): Promise<Build[]> {
  const { ownername, projectname, ...rest } = build;
  const page = await transport.call<Page<Build>>({
    method: "POST",
    path: ["build", "create", "url"],
    json: { ownername, projectname, pkgs: urls, ...rest },
    needs: ["items"],
    auth: true,
  });
  for (const build of page.items) requireFields(build, submittedFields);
  return page.items;
}

/** Fields of the sources a frontend fetches itself, as `POST build/create/<type>` takes them. */
export interface SourceFields {
  scm: {
    clone_url: string;
    /** Branch, tag or commit. */
    committish?: string;
    subdirectory?: string;
    spec?: string;
    /** `git` or `svn`. */
    scm_type?: string;
    /** `rpkg`, `tito`, `tito_test` or `make_srpm`. */
    source_build_method?: string;
  };
  distgit: {
    package_name: string;
    /** Instance, e.g. `fedora`. */
    distgit?: string | null;
    namespace?: string | null;
    committish?: string | null;
  };
  pypi: {
    pypi_package_name: string | null;
    pypi_package_version?: string | null;
    /** `pyp2rpm` or `pyp2spec`. */
    spec_generator?: string;
    spec_template?: string | null;
    /** Such as 3; the frontend keeps them as texts. */
    python_versions?: (number | string)[] | null;
  };
  rubygems: { gem_name: string | null };
  custom: {
    /** Text of the script. */
    script: string;
    chroot?: string | null;
    builddeps?: string[] | null;
    resultdir?: string | null;
    repos?: string | null;
  };
}

/** Submits a build from a source of the given type. */
export function buildSource<Type extends keyof SourceFields>(
  transport: Transport,
  type: Type,
  source: SourceFields[Type],
  build: Submission,
): Promise<Build> {
  const { ownername, projectname, ...rest } = build;
  return transport.call({
    method: "POST",
    path: ["build", "create", type],
    json: { ownername, projectname, ...source, ...rest },
    needs: submittedFields,
    auth: true,
  });
}
