import type { ProjectChroot } from "../../../core/api/index.ts";
import type { Shape } from "../../../core/records/shape.ts";

/** The fields that upstream shows, in its order: columns of the text formats are counted on, so nothing else is among them. */
export const chrootShape: Shape<ProjectChroot> = {
  fields: {
    additional_packages: "shown",
    additional_repos: "shown",
    additional_modules: "shown",
    comps_name: "shown",
    delete_after_days: "shown",
    isolation: "shown",
    mock_chroot: "shown",
    ownername: "shown",
    projectname: "shown",
    with_opts: "shown",
    without_opts: "shown",
    follow_fedora_branching: "shown",
  },
  needs: ["mock_chroot"],
  isFixed: true,
};

/** The same as the frontend answers it after a change. */
export const editedChrootShape: Shape<ProjectChroot> = { fields: chrootShape.fields, needs: ["mock_chroot"] };
