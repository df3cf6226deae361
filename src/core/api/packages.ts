import { pages } from "../pages.ts";
import type { Transport } from "../transport.ts";
import type { BuildOptions, BuildTarget } from "./builds.ts";
import type { Build, Package, ProjectRef } from "./types.ts";

export interface PackageRef extends ProjectRef {
  package_name: string;
}

/** Which latest builds come with a package. */
export interface WithBuilds {
  with_latest_build: boolean;
  with_latest_succeeded_build: boolean;
}

export type PackageSourceType = "scm" | "pypi" | "rubygems" | "custom" | "distgit";

/** A package. (This route takes any text as true, also `False`: the latest builds always come.) */
export function getPackage(transport: Transport, project: ProjectRef, packagename: string, builds: WithBuilds): Promise<Package> {
  return transport.call({ method: "GET", path: ["package"], query: { ...project, packagename, ...builds } });
}

/** Packages of a project, page by page. */
export function listPackages(transport: Transport, project: ProjectRef, builds: WithBuilds): AsyncIterable<Package> {
  return pages<Package>(transport, ["package", "list"], { ...project, ...builds }, 1000);
}

/** Adds a package with its source; fields as `POST package/add/…` takes them. */
export function addPackage(
  transport: Transport,
  ref: PackageRef,
  sourceType: PackageSourceType,
  fields: Record<string, unknown>,
): Promise<Package> {
  return savePackage(transport, "add", ref, sourceType, fields);
}

/** Changes a package's source; null fields keep their values. */
export function editPackage(
  transport: Transport,
  ref: PackageRef,
  sourceType: PackageSourceType,
  fields: Record<string, unknown>,
): Promise<Package> {
  return savePackage(transport, "edit", ref, sourceType, fields);
}

function savePackage(
  transport: Transport,
  action: "add" | "edit",
  ref: PackageRef,
  sourceType: PackageSourceType,
  fields: Record<string, unknown>,
): Promise<Package> {
  return transport.call({
    method: "POST",
    path: ["package", action, ref.ownername ?? "", ref.projectname, ref.package_name, sourceType],
    query: { ...ref, source_type_text: sourceType },
    json: { package_name: ref.package_name, ...fields },
    auth: true,
  });
}

/** Forgets a package's default source. */
export function resetPackage(transport: Transport, ref: PackageRef): Promise<Package> {
  return transport.call({ method: "PUT", path: ["package", "reset"], json: ref, auth: true });
}

/** Deletes a package with its builds. */
export function deletePackage(transport: Transport, ref: PackageRef): Promise<Package> {
  return transport.call({ method: "DELETE", path: ["package", "delete"], json: ref, auth: true });
}

/** Submits a build of a package's default source. */
export function buildPackage(transport: Transport, packageName: string, build: BuildTarget & BuildOptions): Promise<Build> {
  const { ownername, projectname, ...rest } = build;
  return transport.call({
    method: "POST",
    path: ["package", "build"],
    json: { ownername, projectname, package_name: packageName, ...rest },
    auth: true,
  });
}
