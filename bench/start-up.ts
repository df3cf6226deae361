import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { inTurn, measure, sum } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 25;

/** Start-up: what copr-cli costs beyond Node itself. */
export async function startUp(): Promise<Finding[]> {
  const frontend = await startFrontend("api");
  try {
    const { directory } = frontend;
    return [
      await against(directory, ["--version"], 1.3),
      await against(directory, ["whoami"], 1.5),
      await against(directory, ["list"], 2.2),
    ];
  } finally {
    await frontend.close();
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
