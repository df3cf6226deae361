import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import type { Finding } from "./promise.ts";

const SECONDS = 20;
const TICKS_PER_SECOND = 100;
const runner = fileURLToPath(new URL("../test/support/terminal-run.py", import.meta.url));

/** 200 builds on a terminal of 50 lines while nothing happens: how much of a core that takes. */
export async function board(): Promise<Finding[]> {
  const frontend = await startFrontend("watch");
  const ids = Array.from({ length: 200 }, (_, index) => String(index + 1));
  const steps = JSON.stringify([{ sleep: SECONDS + 10 }, { type: "\u0003" }]);
  const child = spawn("python3", [runner, steps, "120", "50", ...bin.cli, "watch-build", ...ids], {
    env: { ...process.env, HOME: frontend.directory, TERM: "xterm-256color", CI: "" },
    stdio: "ignore",
  });
  try {
    await sleep(5000);
    const [client] = childrenOf(child.pid as number);
    const before = cpuTicks(client as number);
    await sleep(SECONDS * 1000);
    const share = (cpuTicks(client as number) - before) / TICKS_PER_SECOND / SECONDS;
    return [
      {
        what: "share of a core that an idle board of 200 builds takes",
        rounds: [share * 100],
        atMost: 2,
        unit: " %",
        detail: `${SECONDS} s`,
      },
    ];
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
