import type { Output } from "../output/output.ts";
import type { LogEnd, LogTelling } from "./records.ts";

/** A line of a log, as data. */
export interface LogLineRecord {
  chroot: string;
  /** Name of the file. */
  log: string;
  /** Of its first byte in the log as the server has it; one that is smaller than those before tells that the log began anew. */
  offset: number;
  /** When it was read, ISO 8601 in UTC. */
  time: string;
  /** Without its line end and terminal control; what is no UTF-8 is replaced. */
  text: string;
}

/** Prints the lines of logs as data. Resolves to how each log ended. */
export async function printLogData(output: Output<LogLineRecord>, tellings: AsyncIterable<readonly LogTelling[]>): Promise<LogEnd[]> {
  const ends: LogEnd[] = [];
  await output.records(lines(tellings, ends));
  return ends;
}

async function* lines(tellings: AsyncIterable<readonly LogTelling[]>, ends: LogEnd[]): AsyncIterable<LogLineRecord> {
  for await (const batch of tellings) {
    for (const telling of batch) {
      if (telling.kind === "end") ends.push(telling);
      if (telling.kind !== "text") continue;
      const { chroot, log, offset, time, text } = telling;
      yield { chroot, log, offset, time: time.toISOString(), text: text.toString().replace(/\n$/, "") };
    }
  }
}
