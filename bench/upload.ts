import { open } from "node:fs/promises";
import { join } from "node:path";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { inTurn, measure, median, speedRatios, succeeding } from "./measure.ts";
import type { Finding } from "./promise.ts";

/** Long enough that the start of a program, which has a promise of its own, is no part of it. */
const SIZE = 4 * 1024 ** 3;
const ROUNDS = 5;
const MEBIBYTE = 1024 ** 2;

/** Upload of 4 GiB to loopback, beside curl. */
export async function upload(): Promise<Finding[]> {
  const frontend = await startFrontend("api");
  try {
    const file = join(frontend.directory, "big-1-1.src.rpm");
    const handle = await open(file, "w");
    await handle.truncate(SIZE);
    await handle.close();
    const curl = ["curl", "-sSf", "-F", `pkgs=@${file};type=application/x-rpm`, "-F", "json={};type=application/json;filename=json"];
    const [ours, theirs] = await inTurn(
      () => succeeding(measure([...bin.cli, "build", "prj", file, "--nowait"], { env: { HOME: frontend.directory } })),
      () => succeeding(measure([...curl, `${frontend.url}/api_3/build/create/upload`])),
      ROUNDS,
    );
    const seconds = [ours, theirs].map((usages) => median(usages.map(({ wallSeconds }) => wallSeconds)).toFixed(2));
    return [
      {
        what: "throughput of an upload of 4 GiB / throughput of curl -F",
        rounds: speedRatios(ours, theirs),
        atLeast: 0.8,
        detail: `${seconds[0]} s against ${seconds[1]} s, medians of ${ROUNDS} pairs`,
      },
      {
        what: "memory during that upload",
        rounds: [Math.max(...ours.map(({ peakBytes }) => peakBytes)) / MEBIBYTE],
        atMost: 120,
        unit: " MB",
        detail: "highest resident size seen",
      },
    ];
  } finally {
    await frontend.close();
  }
}
