import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { inTurn, measure, median, speedRatios, succeeding } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 3;

/** Download of 500 files, 1 GiB together, from loopback, beside wget. */
export async function download(): Promise<Finding[]> {
  const frontend = await startFrontend("files");
  const target = join(frontend.directory, "out");
  const fresh = () => rm(target, { recursive: true, force: true });
  try {
    const [ours, theirs] = await inTurn(
      async () => {
        await fresh();
        return succeeding(measure([...bin.cli, "download-build", "1", "--dest", target], { env: { HOME: frontend.directory } }));
      },
      async () => {
        await fresh();
        const words = [
          "-q",
          "-r",
          "-nH",
          "--no-parent",
          "--cut-dirs",
          "5",
          "-P",
          target,
          `${frontend.url}/results/me/prj/c/00000001-hello/`,
        ];
        return succeeding(measure(["wget", ...words]));
      },
      ROUNDS,
    );
    const seconds = [ours, theirs].map((usages) => median(usages.map(({ wallSeconds }) => wallSeconds)).toFixed(2));
    return [
      {
        what: "speed of download-build of 500 files, 1 GiB / speed of wget -r",
        rounds: speedRatios(ours, theirs),
        atLeast: 1,
        detail: `${seconds[0]} s against ${seconds[1]} s, medians of ${ROUNDS} pairs`,
      },
    ];
  } finally {
    await frontend.close();
  }
}
