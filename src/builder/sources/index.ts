import type { SourceType, SrpmTask } from "../../core/build-task.ts";
import type { Buildroot } from "../buildroot/buildroot.ts";
import { TaskError } from "../errors.ts";
import type { TaskContext } from "../task-context.ts";
import { link, upload } from "./address.ts";
import { distgit } from "./dist-git.ts";
import type { SourceProvider } from "./source.ts";

/** Every provider by its type. */
const providers: { [Type in SourceType]?: SourceProvider<Type> } = { link, upload, distgit };

/** Puts the task's source package into the result directory. */
export async function produceSrpm(context: TaskContext, task: SrpmTask, buildroot: Buildroot): Promise<void> {
  const { source } = task;
  const provider = providers[source.type] as SourceProvider<SourceType> | undefined;
  if (!provider) throw new TaskError(`This builder can't make source packages of the type '${source.type}' yet`);
  await provider.produceSrpm(context, { task, source, buildroot });
}
