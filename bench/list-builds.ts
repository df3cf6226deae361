import { spawn } from "node:child_process";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { measure, succeeding, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 3;
const MEGABYTE = 1e6;

/** A project of 50,000 builds: how much memory a list of them takes, and after how many requests its first line is there. */
export async function listBuilds(): Promise<Finding[]> {
  const frontend = await startFrontend("builds");
  try {
    const argv = [...bin.cli, "list-builds", "prj", "--output-format", "jsonl"];
    const usages: Usage[] = [];
    for (let round = 0; round < ROUNDS; round += 1) usages.push(await succeeding(measure(argv, { env: { HOME: frontend.directory } })));
    return [
      {
        what: "memory of a list of 50,000 builds",
        rounds: usages.map(({ peakBytes }) => peakBytes / MEGABYTE),
        atMost: 90,
        unit: " MB",
        detail: `${ROUNDS} rounds`,
      },
      {
        what: "requests before the first line of it",
        rounds: [await requestsBeforeFirstLine(argv, frontend)],
        atMost: 1,
        detail: "one run",
      },
    ];
  } finally {
    await frontend.close();
  }
}

async function requestsBeforeFirstLine(
  [file, ...words]: readonly string[],
  frontend: { directory: string; requests(): Promise<number> },
): Promise<number> {
  const before = await frontend.requests();
  const child = spawn(file as string, words, { env: { ...process.env, HOME: frontend.directory }, stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  // It waits for its reader now.
  child.kill("SIGSTOP");
  const asked = (await frontend.requests()) - before;
  child.kill("SIGKILL");
  return asked;
}
