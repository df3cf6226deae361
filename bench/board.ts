import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import type { Finding } from "./promise.ts";

const TICKS_PER_SECOND = 100;
const runner = fileURLToPath(new URL("../test/support/terminal-run.py", import.meta.url));

/** What boards of the promised size take of a core while nothing happens. */
export async function board(): Promise<Finding[]> {
  const ids = Array.from({ length: 200 }, (_, index) => String(index + 1));
  return [
    await idleShare("200 builds", "watch", ["watch-build", ...ids], 20),
    // From one question to the next, so that each round costs what it costs.
    await idleShare("2,000 packages in 5 chroots", "board", ["board", "me/prj", "--watch"], 30),
  ];
}

/** How much of a core a client takes on a terminal of 50 lines. */
async function idleShare(what: string, scene: "watch" | "board", argv: readonly string[], seconds: number): Promise<Finding> {
  const frontend = await startFrontend(scene);
  const steps = JSON.stringify([{ sleep: 10 * seconds }, { type: "\u0003" }]);
  const child = spawn("python3", [runner, steps, "120", "50", ...bin.cli, ...argv], {
    env: { ...process.env, HOME: frontend.directory, TERM: "xterm-256color", CI: "" },
    stdio: "ignore",
  });
  try {
    // It is idle once it has asked what there is, and drawn it.
    while ((await frontend.requests()) === 0) await sleep(200);
    await sleep(5000);
    const [client] = childrenOf(child.pid as number);
    const before = cpuTicks(client as number);
    await sleep(seconds * 1000);
    const share = (cpuTicks(client as number) - before) / TICKS_PER_SECOND / seconds;
    const asked = await frontend.requests();
    return {
      what: `share of a core that an idle board of ${what} takes`,
      rounds: [share * 100],
      atMost: 2,
      unit: " %",
      detail: `${seconds} s, ${asked} requests since its start`,
    };
  } finally {
    child.kill();
    await frontend.close();
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
