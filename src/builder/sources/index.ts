import type { SourceType, SrpmTask } from "../../core/task/build-task.ts";
import type { Buildroot } from "../buildroot/buildroot.ts";
import type { TaskContext } from "../task/task-context.ts";
import { link, upload } from "./address.ts";
import { custom } from "./custom.ts";
import { distgit } from "./dist-git.ts";
import { pypi } from "./pypi.ts";
import { rubygems } from "./rubygems.ts";
import { scm } from "./scm.ts";
import type { SourceProvider } from "./source.ts";

/** Every provider by its type. */
const providers: { [Type in SourceType]: SourceProvider<Type> } = { link, upload, pypi, rubygems, scm, custom, distgit };

/** Puts the task's source package into the result directory. */
export async function produceSrpm(context: TaskContext, task: SrpmTask, buildroot: Buildroot): Promise<void> {
  const { source } = task;
  const provider = providers[source.type] as SourceProvider<SourceType>;
  await provider.produceSrpm(context, { task, source, buildroot });
}
