import type { Build } from "../../core/api/index.ts";
import type { Shape } from "../../core/records/shape.ts";
import { buildShape } from "../output/shapes/build.ts";
import { type ItemResult, shapeOfItems } from "./item-result.ts";

/** A build that was or would be canceled, as the frontend tells it; of one that it does not know nothing but the number. */
export type CanceledBuild = Partial<Build> & Pick<Build, "id">;

/** How one of many is told. */
export const canceledBuildShape: Shape<CanceledBuild & ItemResult> = shapeOfItems<CanceledBuild>(buildShape.fields, describe);

function describe({ id, state, ownername, projectname, source_package: source, result }: CanceledBuild & ItemResult): string {
  const what = projectname === undefined ? "" : `: ${source?.name ?? "package not known yet"} in ${ownername}/${projectname}`;
  if (result === "failed") return `${id}${what}`;
  if (result === "skipped") return `${id}${what}: left out, it is ${state} already`;
  return `${id}${what}: ${result === "planned" ? `would be canceled, is ${state}` : state}`;
}
