import { ApiError } from "./api-error.ts";
import { isFinished } from "./build-state.ts";
import { mayEdit } from "./login.ts";
import type { Build } from "./models.ts";
import type { World } from "./world.ts";

/** Throws, with one line for each kind of problem, unless all of the builds may go. */
export function refuseUndeletable(world: World, who: string, builds: readonly Build[], missing: readonly number[] = []): void {
  const denied = builds.filter((build) => !mayEdit(world, who, build.project));
  const running = builds.filter((build) => !denied.includes(build) && !isFinished(build));
  const problems = [
    denied.length > 0 ? `You don't have permissions to delete build(s) ${idList(denied)}.\n` : "",
    running.length > 0 ? `Build(s) ${idList(running)} are still running.\n` : "",
    missing.length > 0 ? `Build(s) ${missing.join(", ")} don't exist.\n` : "",
  ].join("");
  if (problems !== "") throw new ApiError(400, problems);
}

function idList(builds: readonly Build[]): string {
  return builds.map((build) => build.id).join(", ");
}
