import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin } from "../test/support/program.ts";
import { inTurn, measure, median, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

const SIZE = 1024 ** 3;
const ROUNDS = 5;
const MEBIBYTE = 1024 ** 2;

/** Upload of 1 GiB to loopback, beside curl. */
export async function upload(): Promise<Finding[]> {
  const directory = await mkdtemp(join(tmpdir(), "copr-bench-"));
  const sink = fork(fileURLToPath(new URL("./sink.ts", import.meta.url)), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  try {
    const [port] = (await once(sink, "message")) as [number];
    const url = `http://127.0.0.1:${port}`;
    const file = join(directory, "big-1-1.src.rpm");
    const handle = await open(file, "w");
    await handle.truncate(SIZE);
    await handle.close();
    await mkdir(join(directory, ".config"));
    await writeFile(
      join(directory, ".config", "copr"),
      `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`,
    );
    const curl = ["curl", "-sSf", "-F", `pkgs=@${file};type=application/x-rpm`, "-F", "json={};type=application/json;filename=json"];
    const [ours, theirs] = await inTurn(
      () => succeeding(measure([...bin.cli, "build", "prj", file, "--nowait"], { env: { HOME: directory } })),
      () => succeeding(measure([...curl, `${url}/api_3/build/create/upload`])),
      ROUNDS,
    );
    const ratios = ours.map((usage, round) => (theirs[round] as Usage).wallSeconds / usage.wallSeconds);
    const [oursWall, theirsWall] = [ours, theirs].map((usages) => median(usages.map(({ wallSeconds }) => wallSeconds))) as [number, number];
    const peak = Math.max(...ours.map(({ peakBytes }) => peakBytes));
    return [
      {
        what: "throughput of an upload of 1 GiB / throughput of curl -F",
        value: median(ratios),
        atLeast: 0.6,
        detail: `${oursWall.toFixed(2)} s against ${theirsWall.toFixed(2)} s, medians of ${ROUNDS} pairs`,
      },
      { what: "memory during that upload", value: peak / MEBIBYTE, atMost: 120, unit: " MB", detail: "highest resident size seen" },
    ];
  } finally {
    sink.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

async function succeeding(run: Promise<Usage>): Promise<Usage> {
  const usage = await run;
  if (usage.exitCode !== 0) throw new Error(`a benchmarked program ended with ${usage.exitCode}`);
  return usage;
}
