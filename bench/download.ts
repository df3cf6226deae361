import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findProgram } from "../src/core/process/find-program.ts";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { inTurn, measure, median, speedRatios, succeeding, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 3;

/** Download of 500 files, 1 GiB together, from loopback, beside wget: with all cores, and each on the first core alone. */
export async function download(): Promise<Finding[]> {
  const frontend = await startFrontend("files");
  try {
    const onAllCores = await besideWget(frontend, []);
    if ((await findProgram("taskset")) === undefined) {
      console.log("skipped  download-build on one core: there is no taskset here");
      return [finding("", onAllCores)];
    }
    const onOneCore = await besideWget(frontend, ["taskset", "-c", "0"]);
    return [finding("", onAllCores), finding(", each on one core", onOneCore)];
  } finally {
    await frontend.close();
  }
}

type Pair = [ours: Usage[], theirs: Usage[]];

async function besideWget({ url, directory }: { url: string; directory: string }, before: readonly string[]): Promise<Pair> {
  const target = join(directory, "out");
  const results = `${url}/results/me/prj/c/00000001-hello/`;
  const run = async (words: readonly string[]): Promise<Usage> => {
    await rm(target, { recursive: true, force: true });
    return succeeding(measure([...before, ...words], { env: { HOME: directory } }));
  };
  return inTurn(
    () => run([...bin.cli, "download-build", "1", "--dest", target]),
    () => run(["wget", "-q", "-r", "-nH", "--no-parent", "--cut-dirs", "5", "-P", target, results]),
    ROUNDS,
  );
}

function finding(how: string, [ours, theirs]: Pair): Finding {
  const [own, other] = [ours, theirs].map((usages) => median(usages.map(({ wallSeconds }) => wallSeconds)).toFixed(2));
  return {
    what: `speed of download-build of 500 files, 1 GiB / speed of wget -r${how}`,
    rounds: speedRatios(ours, theirs),
    atLeast: 1,
    detail: `${own} s against ${other} s, medians of ${ROUNDS} pairs`,
  };
}
