import { requireFields } from "../http/required-fields.ts";
import { pages } from "./pages.ts";
import type { Transport } from "../http/transport.ts";
import { type SourceFields, type Submission, submittedFields } from "./builds.ts";
import { projectQuery } from "./project-query.ts";
import type { Build, Package, ProjectRef, TwinOptions } from "./types.ts";

/** A package of a project. */
export interface PackageRef extends ProjectRef {
  package_name: string;
}

/** Which latest builds come with a package. */
export interface WithBuilds {
  with_latest_build?: boolean;
  with_latest_succeeded_build?: boolean;
}

/** Sources a frontend fetches itself. */
export type PackageSourceType = keyof SourceFields;

/** Fields of a package's source, by its type. They are named a little differently than those of a build. */
export interface PackageSourceFields {
  scm: SourceFields["scm"];
  distgit: Omit<SourceFields["distgit"], "package_name">;
  pypi: SourceFields["pypi"];
  rubygems: SourceFields["rubygems"];
  custom: {
    script: string;
    script_chroot?: string | null;
    script_builddeps?: string[] | null;
    script_resultdir?: string | null;
    script_repos?: string | null;
  };
}

/** Settings of a package, whatever its source; null or none leaves the present value. */
export interface PackageSettings {
  /** Keep only this many of the latest builds, 0 for all. */
  max_builds?: number | string | null;
  /** Seconds. */
  timeout?: number | string | null;
  webhook_rebuild?: boolean | null;
  /** Chroots it is not built in, separated by commas. */
  chroot_denylist?: string | null;
}

/** A package. (This route takes any text as true, also `False`: the latest builds always come.) */
export function getPackage(transport: Transport, project: ProjectRef, packagename: string, builds: WithBuilds = {}): Promise<Package> {
  return transport.call({ method: "GET", path: ["package"], query: { ...projectQuery(project), packagename, ...builds } });
}

/** Packages of a project, page by page. */
export function listPackages(transport: Transport, project: ProjectRef, builds: WithBuilds = {}): AsyncIterable<Package> {
  return pages<Package>(transport, ["package", "list"], { ...projectQuery(project), ...builds }, 1000);
}

/** The same without builds, and without the request for a page after the last. */
export async function* listPackagesOnly(transport: Transport, project: ProjectRef): AsyncIterable<Package> {
  for await (const item of pages<Package>(transport, ["package", "list"], projectQuery(project), 1000, { isExact: true })) {
    requireFields(item, ["name"]);
    yield item;
  }
}

/** Adds a package with its source. */
export function addPackage<Type extends PackageSourceType>(
  transport: Transport,
  ref: PackageRef,
  sourceType: Type,
  fields: PackageSourceFields[Type] & PackageSettings,
): Promise<Package> {
  return savePackage(transport, "add", ref, sourceType, fields);
}

/** Changes a package and its source; null or absent fields keep their values. Without a type the source stays of its type. */
export function editPackage<Type extends PackageSourceType>(
  transport: Transport,
  ref: PackageRef,
  sourceType: Type | undefined,
  fields: Partial<PackageSourceFields[Type]> & PackageSettings,
): Promise<Package> {
  return savePackage(transport, "edit", ref, sourceType, fields);
}

function savePackage(
  transport: Transport,
  action: "add" | "edit",
  ref: PackageRef,
  sourceType: PackageSourceType | undefined,
  fields: object,
): Promise<Package> {
  const type = sourceType === undefined ? [] : [sourceType];
  return transport.call({
    method: "POST",
    path: ["package", action, ref.ownername ?? "", ref.projectname, ref.package_name, ...type],
    query: { ...ref, source_type_text: sourceType },
    json: { package_name: ref.package_name, ...fields },
    auth: true,
  });
}

/** Forgets a package's default source. The twin is POST. */
export function resetPackage(transport: Transport, ref: PackageRef, { twin }: TwinOptions = {}): Promise<Package> {
  return transport.call({ method: twin ? "POST" : "PUT", path: ["package", "reset"], json: ref, auth: true });
}

/** Deletes a package with its builds. The twin is POST. */
export function deletePackage(transport: Transport, ref: PackageRef, { twin }: TwinOptions = {}): Promise<Package> {
  return transport.call({ method: twin ? "POST" : "DELETE", path: ["package", "delete"], json: ref, auth: true });
}

/** Submits a build of a package's default source. */
export function buildPackage(transport: Transport, packageName: string, build: Submission): Promise<Build> {
  const { ownername, projectname, ...rest } = build;
  return transport.call({
    method: "POST",
    path: ["package", "build"],
    json: { ownername, projectname, package_name: packageName, ...rest },
    needs: submittedFields,
    auth: true,
  });
}
