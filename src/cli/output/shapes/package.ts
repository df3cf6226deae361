import type { Build, Package } from "../../../core/api/index.ts";
import { ResponseError } from "../../../core/errors.ts";
import { TopLevel } from "../../../core/records/python-text.ts";
import type { Shape } from "../../../core/records/shape.ts";

/** A package as `list-packages` and `get-package` show it. */
export interface ShownPackage {
  id: number;
  /** Only when they were asked for. */
  builds?: Build[];
  auto_rebuild: boolean;
  name: string;
  ownername: string;
  projectname: string;
  source_dict: Record<string, unknown>;
  source_type: string;
  latest_succeeded_build: Build | null;
  latest_build: Build | null;
}

/** The columns are upstream's, which orders those of the two commands differently. */
export const listedPackageShape: Shape<ShownPackage> = {
  fields: {
    id: "shown",
    builds: "shown",
    auto_rebuild: "shown",
    name: "shown",
    ownername: "shown",
    projectname: "shown",
    source_dict: "shown",
    source_type: "shown",
    latest_succeeded_build: "shown",
    latest_build: "shown",
  },
  needs: ["name"],
  isFixed: true,
};

/** See above. */
export const singlePackageShape: Shape<ShownPackage> = {
  fields: {
    auto_rebuild: "shown",
    builds: "shown",
    id: "shown",
    latest_build: "shown",
    latest_succeeded_build: "shown",
    name: "shown",
    ownername: "shown",
    projectname: "shown",
    source_dict: "shown",
    source_type: "shown",
  },
  needs: ["name"],
  isFixed: true,
};

/** A package, as the frontend answers one that was changed. */
export const packageShape: Shape<Package> = {
  fields: {
    id: "shown",
    name: "shown",
    ownername: "shown",
    projectname: "shown",
    source_type: "shown",
    source_dict: "known",
    auto_rebuild: "known",
    builds: "known",
  },
  needs: ["name"],
};

/** What is shown of a package; `builds` only when they were asked for. */
export function shownPackage(item: Package, builds: Build[] | undefined): ShownPackage {
  const { id, auto_rebuild, name, ownername, projectname, source_dict, source_type } = item;
  if (!item.builds) {
    throw new ResponseError(
      "The Copr Frontend server you run against is older than 1.167. Please contact the server administrator and request an update.",
    );
  }
  const { latest, latest_succeeded } = item.builds;
  // Upstream's library has its own kind of dictionary there, which shows in the text formats.
  const shownBuilds = builds?.map((build) => new TopLevel(build)) as Build[] | undefined;
  return {
    id,
    ...(shownBuilds ? { builds: shownBuilds } : {}),
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
