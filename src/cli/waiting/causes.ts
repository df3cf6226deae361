import { explainBuild } from "../../core/builds/explain-build.ts";
import { CoprError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { buildCause, type CauseRecord } from "../explain/cause-record.ts";

/** Logs may be long: they are read once, whoever wants to know. */
const known = new WeakMap<Context, Map<number, Promise<CauseRecord[]>>>();

/** Why a build failed, for who waited for it: none where its logs can't be had, for it has been told that it failed. */
export function causesOf(context: Context, id: number): Promise<CauseRecord[]> {
  const causes = known.get(context) ?? new Map<number, Promise<CauseRecord[]>>();
  known.set(context, causes);
  const found = causes.get(id) ?? findCauses(context, id);
  causes.set(id, found);
  return found;
}

async function findCauses(context: Context, id: number): Promise<CauseRecord[]> {
  try {
    const { build, causes } = await explainBuild(await context.transport(), id, { signal: context.interrupted });
    return causes.map((cause) => buildCause(build, cause));
  } catch (error) {
    if (error instanceof CoprError) return [];
    throw error;
  }
}
