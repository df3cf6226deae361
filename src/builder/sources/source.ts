import type { Source, SourceType, SrpmTask } from "../../core/task/build-task.ts";
import type { Buildroot } from "../buildroot/buildroot.ts";
import type { TaskContext } from "../task/task-context.ts";

/** A source of the given type, as the task describes it. */
type SourceOf<Type extends SourceType> = Extract<Source, { type: Type }>;

/** What a provider works with beside the task's context. */
export interface SourceRequest<Type extends SourceType> {
  task: SrpmTask;
  source: SourceOf<Type>;
  buildroot: Buildroot;
}

/** One way to a source package: puts exactly one into the result directory. */
export interface SourceProvider<Type extends SourceType> {
  type: Type;
  produceSrpm(context: TaskContext, request: SourceRequest<Type>): Promise<void>;
}
