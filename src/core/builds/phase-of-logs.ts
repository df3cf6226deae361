import type { TaskPhase } from "../text/phase-heading.ts";
import type { LogEvent } from "./logs.ts";
import { PhaseCutter, type LogPiece } from "./phase-cutter.ts";

/** What is learnt while one phase of a log is read. */
export type PhaseLogEvent =
  | LogEvent
  /** The log has no headings of our builder's, so what is told of the phase is a guess. */
  | { chroot: string; log: string; kind: "guessed" }
  /** The log has been told, and has these phases instead of the one that was wanted; told before its end. */
  | { chroot: string; log: string; kind: "no-phase"; phases: readonly TaskPhase[] };

/** What is learnt of logs, but of their bytes only those of one phase. Each log must be read from its beginning. */
export async function* phaseOfLogs(events: AsyncIterable<LogEvent>, phase: TaskPhase): AsyncGenerator<PhaseLogEvent> {
  const cutters = new Map<string, PhaseCutter>();
  const warned = new Set<string>();
  for await (const event of events) {
    const { chroot, log } = event;
    const place = { chroot, log };
    const cutter = cutters.get(chroot) ?? new PhaseCutter(phase);
    cutters.set(chroot, cutter);
    const told = (pieces: readonly LogPiece[]): LogEvent[] => pieces.map((piece) => ({ ...place, kind: "bytes", ...piece }));
    switch (event.kind) {
      case "bytes": {
        const pieces = cutter.push(event.bytes);
        if (cutter.basis === "messages" && !warned.has(chroot)) {
          warned.add(chroot);
          yield { ...place, kind: "guessed" };
        }
        yield* told(pieces);
        break;
      }
      case "pause":
        yield* told(cutter.pause());
        yield event;
        break;
      case "anew":
        cutters.delete(chroot);
        yield event;
        break;
      case "end":
        yield* told(cutter.end());
        if (!event.isMissing && !cutter.phases.includes(phase)) yield { ...place, kind: "no-phase", phases: cutter.phases };
        yield event;
        break;
      default:
        yield event;
    }
  }
}
