import type { RpmTask, SrpmTask } from "../../core/task/build-task.ts";
import type { TaskContext } from "../task/task-context.ts";

/** What rpmbuild needs: a spec file and the directory its sources lie in. */
export interface BuildInput {
  spec: string;
  sources: string;
}

/** A clone whose `.copr/Makefile` makes a source package. */
export interface MakeInput {
  clone: string;
  /** Where make runs: the clone or a directory in it. */
  directory: string;
  /** In the clone; need not exist yet. */
  spec: string;
  /** What the clone's directory is called where make sees it. */
  name: string;
}

/** A script that writes a spec file and its sources, and what it is given. */
export interface ScriptInput {
  source: Extract<SrpmTask["source"], { type: "custom" }>;
  script: string;
  payload: string | undefined;
}

/**
 * Who runs rpmbuild, and strangers' programs. All methods put packages and logs into the result directory, and throw
 * TaskError when the build fails.
 */
export interface Buildroot {
  name: "mock" | "host";
  buildSrpm(context: TaskContext, task: SrpmTask, input: BuildInput): Promise<void>;
  /** Enters the phases `chroot`, if it sets one up, and `building`. `review` is called with mock's configuration when the packages are in the results; no configuration, no call. */
  buildRpms(context: TaskContext, task: RpmTask, input: BuildInput, review: (mockConfig: string) => Promise<void>): Promise<void>;
  /** Makes the source package of a clone by its own Makefile. */
  makeSrpm(context: TaskContext, task: SrpmTask, input: MakeInput): Promise<void>;
  /** Makes a source package of what a script writes. */
  runScript(context: TaskContext, task: SrpmTask, input: ScriptInput): Promise<void>;
  /** Writes the configuration it would build with into the results; resolves to its path. Throws TaskError where there is none. */
  writeConfig(context: TaskContext, task: RpmTask): Promise<string>;
}
