import type { Build } from "../../../core/api/index.ts";
import type { BuildRecord } from "../../../core/builds/build-record.ts";
import type { Shape } from "../../../core/records/shape.ts";

/** A build, as the frontend answers it. */
export const buildShape: Shape<Build> = {
  fields: {
    id: "shown",
    state: "shown",
    ownername: "shown",
    projectname: "shown",
    source_package: "known",
    project_dirname: "known",
    chroots: "known",
    is_background: "known",
    repo_url: "known",
    submitter: "known",
    submitted_on: "known",
    started_on: "known",
    ended_on: "known",
  },
};

/** A build with its chroots, as this client joins them. */
export const buildRecordFields: Shape<BuildRecord>["fields"] = {
  id: "shown",
  project: "shown",
  package: "shown",
  version: "shown",
  state: "shown",
  url: "shown",
  submitted_on: "shown",
  started_on: "shown",
  ended_on: "shown",
  chroots: "shown",
};
