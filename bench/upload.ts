import { open } from "node:fs/promises";
import { join } from "node:path";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { inTurn, measure, median, speedRatio, succeeding } from "./measure.ts";
import type { Finding } from "./promise.ts";

const SIZE = 1024 ** 3;
const ROUNDS = 5;
const MEBIBYTE = 1024 ** 2;

/** Upload of 1 GiB to loopback, beside curl. */
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
        what: "throughput of an upload of 1 GiB / throughput of curl -F",
        value: speedRatio(ours, theirs),
        atLeast: 0.6,
        detail: `${seconds[0]} s against ${seconds[1]} s, medians of ${ROUNDS} pairs`,
      },
      {
        what: "memory during that upload",
        value: Math.max(...ours.map(({ peakBytes }) => peakBytes)) / MEBIBYTE,
        atMost: 120,
        unit: " MB",
        detail: "highest resident size seen",
      },
    ];
  } finally {
    await frontend.close();
  }
}
