import { explainBuild } from "../../core/builds/explain-build.ts";
import { CoprError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { buildCause, type CauseRecord } from "../explain/cause-record.ts";

/** Why a build failed, for who waited for it: none where its logs can't be had, for it has been told that it failed. */
export async function causesOf(context: Context, id: number): Promise<CauseRecord[]> {
  try {
    const { build, causes } = await explainBuild(await context.transport(), id, { signal: context.interrupted });
    return causes.map((cause) => buildCause(build, cause));
  } catch (error) {
    if (error instanceof CoprError) return [];
    throw error;
  }
}
