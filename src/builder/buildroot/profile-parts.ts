import type { Repository } from "../../core/api/types.ts";
import type { BuildTask } from "../../core/task/build-task.ts";
import { readHostRules, snippetFor } from "../host/host-rules.ts";
import type { TaskContext } from "../task/task-context.ts";

/** The task's repositories, as mock's configurations take them. */
export function repositoriesOf({ repos }: BuildTask): Repository[] {
  return repos.map(({ id, name, baseurl, priority = null, module_hotfixes = null, repo_gpgcheck = null }) => ({
    id,
    name,
    baseurl,
    priority,
    module_hotfixes,
    repo_gpgcheck,
  }));
}

/** What the host's administrators add to the configuration of a task with these tags. */
export async function snippetOf({ settings }: TaskContext, { tags }: BuildTask): Promise<string> {
  return snippetFor(await readHostRules(settings.hostRulesPath), tags);
}
