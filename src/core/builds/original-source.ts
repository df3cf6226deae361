import type { PackageSourceType } from "../api/packages.ts";
import type { SourceFields } from "../api/builds.ts";
import type { Package, SourceBuildConfig } from "../api/types.ts";
import { CoprError } from "../errors.ts";
import { isScriptChroot } from "./script-chroot.ts";

/** How the source of a build can be had once more. */
export type OriginalSource =
  | { kind: "link"; url: string }
  | UploadedSource
  | { [Type in PackageSourceType]: { kind: "source"; type: Type; fields: SourceFields[Type] } }[PackageSourceType];

/** A file that somebody uploaded. The frontend forgets it as soon as it is imported. */
export interface UploadedSource {
  kind: "upload";
  /** Where it lay on the frontend. */
  url: string | null;
}

/**
 * The source of a build as the routes that make builds take it. The frontend keeps it under other names than those it takes:
 * `type` of an SCM source is `scm_type`, `srpm_build_method` is `source_build_method`, and of a dist-git source it keeps the
 * address where it took the name. Throws CoprError for a source that no route takes.
 */
export function originalSource({ source_type: type, source_dict: dict }: SourceBuildConfig): OriginalSource {
  const readers: Readonly<Record<string, (dict: Dict) => OriginalSource>> = { link, upload, scm, distgit, pypi, rubygems, custom };
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (reader) return reader(dict);
  throw new CoprError(`A source of the type '${type}' can't be submitted again`);
}

/** Whether the frontend builds a package from its own settings: those of an upload or an address it takes for none. */
export function hasOwnSource({ source_type: type }: Package): boolean {
  return !["unset", "link", "upload"].includes(type);
}

/** Whether a build was made of what is its package's source now. */
export function isSourceOf(owner: Package, { source_type: type, source_dict: dict }: SourceBuildConfig): boolean {
  const { chroot, ...own } = owner.source_dict;
  const { chroot: kept, ...built } = dict;
  return owner.source_type === type && comparable(own) === comparable(built) && isScriptChroot(chroot, kept);
}

type Dict = Readonly<Record<string, unknown>>;

/** Packages publish the method under another name, and builds carry a mark of projects that are reviewed. */
function comparable({ srpm_build_method: method, source_build_method: other, fedora_review: _mark, ...rest }: Dict): string {
  const fields = Object.entries({ ...rest, method: method ?? other }).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(fields.toSorted(([one], [another]) => (one < another ? -1 : 1)));
}

function link(dict: Dict): OriginalSource {
  return { kind: "link", url: needed(dict, "url") };
}

function upload(dict: Dict): OriginalSource {
  return { kind: "upload", url: text(dict, "url") ?? null };
}

function scm(dict: Dict): OriginalSource {
  const fields = {
    clone_url: needed(dict, "clone_url"),
    ...chosen({
      committish: text(dict, "committish"),
      subdirectory: text(dict, "subdirectory"),
      spec: text(dict, "spec"),
      scm_type: text(dict, "type"),
      source_build_method: text(dict, "srpm_build_method"),
    }),
  };
  return { kind: "source", type: "scm", fields };
}

function distgit(dict: Dict): OriginalSource {
  const address = needed(dict, "clone_url");
  const name = /([^/]+?)(?:\.git)?\/*$/.exec(address)?.[1];
  if (name === undefined) throw new CoprError(`The address '${address}' names no package of a DistGit`);
  const fields = {
    package_name: name,
    ...chosen({ distgit: text(dict, "distgit"), namespace: text(dict, "namespace"), committish: text(dict, "committish") }),
  };
  return { kind: "source", type: "distgit", fields };
}

function pypi(dict: Dict): OriginalSource {
  const versions = dict["python_versions"];
  const fields = {
    pypi_package_name: needed(dict, "pypi_package_name"),
    ...chosen({
      pypi_package_version: text(dict, "pypi_package_version"),
      spec_generator: text(dict, "spec_generator"),
      // An empty one is none of those that there are.
      spec_template: text(dict, "spec_template") || undefined,
      python_versions: Array.isArray(versions) ? (versions as string[]) : undefined,
    }),
  };
  return { kind: "source", type: "pypi", fields };
}

function rubygems(dict: Dict): OriginalSource {
  return { kind: "source", type: "rubygems", fields: { gem_name: needed(dict, "gem_name") } };
}

function custom(dict: Dict): OriginalSource {
  const fields = {
    script: needed(dict, "script"),
    ...chosen({
      chroot: text(dict, "chroot"),
      builddeps: text(dict, "builddeps")?.split(/\s+/).filter(Boolean),
      resultdir: text(dict, "resultdir"),
      repos: text(dict, "repos"),
    }),
  };
  return { kind: "source", type: "custom", fields };
}

function text(dict: Dict, name: string): string | undefined {
  const value = dict[name];
  return typeof value === "string" ? value : undefined;
}

function needed(dict: Dict, name: string): string {
  const value = text(dict, name);
  if (value) return value;
  throw new CoprError(`The frontend does not say the '${name}' of the build's source`);
}

/** What is known; the rest is not sent. */
function chosen<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
