import type { RpmTask, SrpmTask } from "../../core/build-task.ts";
import type { TaskContext } from "../task-context.ts";

/** What rpmbuild needs: a spec file and the directory its sources lie in. */
export interface BuildInput {
  spec: string;
  sources: string;
}

/** Who runs rpmbuild. Both methods put packages and logs into the result directory, and throw TaskError when the build fails. */
export interface Buildroot {
  name: "mock" | "host";
  buildSrpm(context: TaskContext, task: SrpmTask, input: BuildInput): Promise<void>;
  /** `review` is called with mock's configuration when the packages are in the results; no configuration, no call. */
  buildRpms(context: TaskContext, task: RpmTask, input: BuildInput, review: (mockConfig: string) => Promise<void>): Promise<void>;
  /** Writes the configuration it would build with into the results; resolves to its path. Throws TaskError where there is none. */
  writeConfig(context: TaskContext, task: RpmTask): Promise<string>;
}
