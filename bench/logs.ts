import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { measure, median, succeeding, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

const MEGABYTE = 1e6;
const ROUNDS = 3;
const LARGE_BYTES = 3000 * MEGABYTE;
const SMALL_BYTES = 300 * MEGABYTE;

/** A log of 3 GB, and one of 300 MB, from loopback through the client into a pipe: how quick, and in how much memory. */
export async function logs(): Promise<Finding[]> {
  const frontend = await startFrontend("log");
  const read = (bytes: number): Promise<Usage> => {
    const words = [...bin.cli, "logs", "1", "--log", `${bytes}.log`];
    // The client is what is measured, so the shell becomes the client.
    return succeeding(measure(["bash", "-c", 'exec "$0" "$@" > >(exec cat >/dev/null)', ...words], { env: { HOME: frontend.directory } }));
  };
  try {
    await read(SMALL_BYTES);
    const large: Usage[] = [];
    const small: Usage[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      small.push(await read(SMALL_BYTES));
      large.push(await read(LARGE_BYTES));
    }
    const peak = (usages: readonly Usage[]): number[] => usages.map(({ peakBytes }) => peakBytes / MEGABYTE);
    return [
      {
        what: "speed of logs of 3 GB to a pipe",
        rounds: large.map(({ wallSeconds }) => LARGE_BYTES / MEGABYTE / wallSeconds),
        atLeast: 100,
        unit: " MB/s",
        detail: `${ROUNDS} rounds`,
      },
      {
        what: "memory of logs of 3 GB",
        rounds: peak(large),
        atMost: 120,
        unit: " MB",
        detail: `${median(peak(small)).toFixed(0)} MB at 300 MB`,
      },
      {
        what: "memory of logs of 3 GB / of 300 MB",
        rounds: peak(large).map((megabytes, round) => megabytes / (peak(small)[round] as number)),
        atMost: 1.2,
        detail: `${ROUNDS} pairs`,
      },
    ];
  } finally {
    await frontend.close();
  }
}
