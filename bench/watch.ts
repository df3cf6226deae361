import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import type { Finding } from "./promise.ts";

const ROUND_SECONDS = 1;
const ROUNDS = 5;

/** A watch of 200 builds: how often it asks the server. */
export async function watch(): Promise<Finding[]> {
  const frontend = await startFrontend("watch");
  try {
    const ids = Array.from({ length: 200 }, (_, index) => String(index + 1));
    const [file, ...words] = [...bin.cli, "watch-build", ...ids, "--poll-interval", String(ROUND_SECONDS)];
    const child = spawn(file, words, { env: { ...process.env, HOME: frontend.directory }, stdio: "ignore" });
    // The rounds fall in the middle between our two looks.
    await sleep(ROUND_SECONDS * 1500);
    const before = await frontend.requests();
    await sleep(ROUND_SECONDS * 1000 * ROUNDS);
    const asked = (await frontend.requests()) - before;
    child.kill("SIGINT");
    return [
      { what: "requests a round of a watch of 200 builds", rounds: [asked / ROUNDS], atMost: 5, detail: `${asked} in ${ROUNDS} rounds` },
    ];
  } finally {
    await frontend.close();
  }
}
