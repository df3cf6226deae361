import type { BuildState } from "../api/types.ts";

/** States of builds that can be canceled: the frontend cancels what is not finished. */
export const unfinishedStates = ["importing", "pending", "starting", "running", "waiting"] as const satisfies readonly BuildState[];
