import { isBlocked } from "./build-state.ts";
import type { Build } from "./models.ts";
import { type Call, parameter, Router, sendJson } from "./routing.ts";
import { rpmTask, sandboxName, srpmTask } from "./tasks.ts";
import type { World } from "./world.ts";

/** Routes under /backend that need no password: what builders read, and the queue for tests. */
export const backendRouter = new Router();
backendRouter.onGet("/get-srpm-build-task/:id", getSrpmTask);
backendRouter.onGet("/get-build-task/:task", getRpmTask);
backendRouter.onGet("/pending-jobs", (call) => pendingTasks(call.world).map(pendingTaskOnWire));

/** A task that waits for a builder; without a chroot it is the source task of the build. */
export interface PendingTask {
  build: Build;
  chroot: string | null;
}

/** In the order they are worked off: background builds last, else the oldest first. */
export function pendingTasks(world: World): PendingTask[] {
  const ready = world.builds.filter((build) => !build.canceled && !isBlocked(build));
  const ordered = ready.toSorted((left, right) => Number(left.options.background) - Number(right.options.background));
  return ordered.flatMap((build): PendingTask[] => {
    if (build.source_state === "pending") return [{ build, chroot: null }];
    const chroots = build.chroots.filter((chroot) => chroot.state === "pending");
    return chroots.map((chroot) => ({ build, chroot: chroot.name }));
  });
}

export function taskUrl(world: World, { build, chroot }: PendingTask): string {
  if (chroot === null) return `${world.url}/backend/get-srpm-build-task/${build.id}`;
  return `${world.url}/backend/get-build-task/${build.id}-${chroot}`;
}

function pendingTaskOnWire({ build, chroot }: PendingTask) {
  const common = {
    task_id: chroot === null ? String(build.id) : `${build.id}-${chroot}`,
    build_id: build.id,
    project_owner: build.project.ownername,
    sandbox: sandboxName(build),
    background: build.options.background,
  };
  if (chroot !== null) return { ...common, chroot, tags: [], allow_user_ssh: false };
  return { ...common, chroot: build.source.type === "custom" ? build.source.dict["chroot"] : null };
}

function getSrpmTask(call: Call) {
  const build = call.world.findBuild(Number(parameter(call, "id")));
  return build === undefined ? missing(call) : srpmTask(call.world, build);
}

function getRpmTask(call: Call) {
  const [, id = "", chroot = ""] = /^(\d+)-(.+)$/.exec(parameter(call, "task")) ?? [];
  const build = call.world.findBuild(Number(id));
  const isKnown = build?.chroots.some((each) => each.name === chroot) ?? false;
  return build === undefined || !isKnown ? missing(call) : rpmTask(call.world, build, chroot);
}

function missing(call: Call): void {
  sendJson(call.response, 404, { msg: "Specified task ID not found" });
}
