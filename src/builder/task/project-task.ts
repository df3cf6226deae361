import { getProjectChrootBuildConfig } from "../../core/api/chroots.ts";
import { buildrootFields } from "../../core/reproduction/buildroot-fields.ts";
import { parseBuildTask, type RpmTask } from "../../core/task/build-task.ts";
import type { ProjectName } from "../../core/task/names.ts";
import type { Transport } from "../../core/http/transport.ts";
import { TaskError } from "../errors.ts";

/** A chroot of a project that a user's own checkout is to be built in. */
export interface ProjectChrootRef extends ProjectName {
  chroot: string;
}

/**
 * A build definition made of a project's settings, for repeating its builds with a package of one's own. It goes
 * through the same checks as one that a frontend sends.
 */
export async function fetchProjectTask(transport: Transport, { owner, project, dirname, chroot }: ProjectChrootRef): Promise<RpmTask> {
  const config = await getProjectChrootBuildConfig(transport, { ownername: owner ?? "", projectname: project, chrootname: chroot });
  const task = parseBuildTask(
    JSON.stringify({
      task_id: `${SOME_BUILD}-${chroot}`,
      project_owner: owner,
      project_name: project,
      project_dirname: dirname,
      chroot,
      git_repo: NO_REPOSITORY,
      git_hash: null,
      ...buildrootFields(config),
    }),
  );
  if (task.kind !== "rpm") throw new TaskError("The project's settings are not those of a chroot");
  return { ...task, task_id: `${NO_BUILD}-${chroot}` };
}

/** A definition must be of a build with a number; this one is of none, and builds begin with 1. */
const SOME_BUILD = 1;
const NO_BUILD = 0;

/** A definition must name a repository; nobody asks this one. */
const NO_REPOSITORY = "https://localhost/";
