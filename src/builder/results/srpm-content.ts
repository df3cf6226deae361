import { unpackSpec } from "../../core/packaging/packed-spec.ts";
import type { TaskContext } from "../task/task-context.ts";

/** Unpacks one file of a source package into a private directory; see `unpackSpec`. */
export function extractFromSrpm(context: TaskContext, srpm: string, name: string, directory: string): Promise<void> {
  return unpackSpec(srpm, name, directory, { env: context.environment, signal: context.signal });
}
