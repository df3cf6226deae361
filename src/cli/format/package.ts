import type { Build, Package } from "../../core/api/index.ts";
import { ResponseError } from "../../core/errors.ts";
import { TopLevel } from "./python-text.ts";
import type { ShownFields } from "./records.ts";

/** A package as `list-packages` shows it; `builds` only when they were asked for. */
export function listedPackage(item: Package, builds: Build[] | undefined): ShownFields {
  const { id, auto_rebuild, name, ownername, projectname, source_dict, source_type } = item;
  const { latest, latest_succeeded } = latestBuilds(item);
  return {
    id,
    builds: builds?.map((build) => new TopLevel(build)),
    auto_rebuild,
    name,
    ownername,
    projectname,
    source_dict,
    source_type,
    latest_succeeded_build: latest_succeeded,
    latest_build: latest,
  };
}

/** The same as `get-package` shows it: upstream orders the columns of the two differently. */
export function singlePackage(item: Package, builds: Build[] | undefined): ShownFields {
  const { auto_rebuild, id, name, ownername, projectname, source_dict, source_type } = item;
  const { latest, latest_succeeded } = latestBuilds(item);
  return {
    auto_rebuild,
    builds: builds?.map((build) => new TopLevel(build)),
    id,
    latest_build: latest,
    latest_succeeded_build: latest_succeeded,
    name,
    ownername,
    projectname,
    source_dict,
    source_type,
  };
}

function latestBuilds({ builds }: Package): NonNullable<Package["builds"]> {
  if (builds) return builds;
  throw new ResponseError(
    "The Copr Frontend server you run against is older than 1.167. Please contact the server administrator and request an update.",
  );
}
