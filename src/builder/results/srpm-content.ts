import { unpackSpec } from "../../core/packaging/packed-spec.ts";
import type { TaskContext } from "../task/task-context.ts";

/** Unpacks the spec file of a source package into a private directory; see `unpackSpec`. */
export function extractSpec({ environment, signal }: TaskContext, srpm: string, name: string, directory: string): Promise<void> {
  return unpackSpec(srpm, name, directory, { env: environment, signal });
}
