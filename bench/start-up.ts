import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin } from "../test/support/program.ts";
import { inTurn, measure, sum } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 25;

/** Start-up: what copr-cli costs beyond Node itself. */
export async function startUp(): Promise<Finding[]> {
  const home = await mkdtemp(join(tmpdir(), "copr-bench-"));
  await mkdir(join(home, ".config"));
  await writeFile(join(home, ".config", "copr"), "[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = https://copr.example.org\n");
  try {
    return [await against(home, ["--version"], 1.3), await against(home, ["whoami"], 1.5)];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function against(home: string, words: readonly string[], atMost: number): Promise<Finding> {
  const env = { HOME: home };
  const [ours, node] = await inTurn(
    () => measure([...bin.cli, ...words], { env }),
    () => measure([process.execPath, "-e", "0"], { env }),
    ROUNDS,
  );
  const [oursCpu, nodeCpu] = [sum(ours, "cpuSeconds"), sum(node, "cpuSeconds")];
  const milliseconds = (seconds: number): string => `${((seconds / ROUNDS) * 1000).toFixed(0)} ms`;
  return {
    what: `CPU of copr-cli ${words.join(" ")} / CPU of node -e 0`,
    value: oursCpu / nodeCpu,
    atMost,
    detail: `${milliseconds(oursCpu)} against ${milliseconds(nodeCpu)}, mean of ${ROUNDS}`,
  };
}
