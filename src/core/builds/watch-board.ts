import { setTimeout as sleep } from "node:timers/promises";
import type { Transport } from "../http/transport.ts";
import { Patience, type PatienceOptions } from "./patience.ts";
import type { BoardRow, ProjectBoard } from "./project-board.ts";

/** How a project is watched. */
export interface BoardWatchOptions extends PatienceOptions {
  /** Time between two questions, milliseconds. */
  intervalMs: number;
}

/**
 * Asks for a project's packages again and again, beginning after the first interval, until it is aborted. A frontend in trouble
 * is waited for. Throws RequestError when it says no, as for a project that was deleted.
 */
export async function* watchBoard(transport: Transport, board: ProjectBoard, options: BoardWatchOptions): AsyncGenerator<BoardRow[]> {
  const { signal, intervalMs } = options;
  const patience = new Patience(transport, options);
  try {
    await sleep(intervalMs, undefined, { signal });
    while (!signal?.aborted) {
      const rows = await patience.guard(() => board.ask());
      if (rows === undefined) continue;
      yield rows;
      await sleep(intervalMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
