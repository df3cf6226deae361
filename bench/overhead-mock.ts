import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../src/core/process/find-program.ts";
import { makeRepository, rpmTask, specText } from "../test/support/builder-host.ts";
import { bin } from "../test/support/program.ts";
import { measure, median, succeeding } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 5;
const CHROOT = "fedora-43-x86_64";

/**
 * What copr-builder adds to git and mock for an RPM task. How long mock takes differs more from run to run than what
 * is looked for here, so its time and git's are taken in the task itself.
 */
export async function overheadOfMock(): Promise<Finding[]> {
  if (!(await findProgram("mock")) || !existsSync(`/etc/mock/${CHROOT}.cfg`)) {
    console.log(`skipped  overhead beside mock: mock, or its chroot ${CHROOT}, is not installed`);
    return [];
  }
  const directory = await mkdtemp(join(tmpdir(), "copr-bench-"));
  try {
    const repository = await makeRepository(directory, "small", { "small.spec": specText("small", "true") });
    const taskFile = join(directory, "task.json");
    await writeFile(taskFile, JSON.stringify(rpmTask(repository)));
    const argv = [...bin.builder, "run", "--buildroot", "mock", "--task-file", taskFile, "--state-dir", join(directory, "state")];
    const clock = join(directory, "clock");
    const path = await timedPrograms(join(directory, "bin"), clock);
    const rounds: { whole: number; programs: number }[] = [];
    // The first one makes the root cache.
    for (let round = 0; round <= ROUNDS; round += 1) {
      await writeFile(clock, "");
      const { wallSeconds } = await succeeding(measure(argv, { env: { PATH: `${path}:${process.env["PATH"]}` } }));
      if (round > 0) rounds.push({ whole: wallSeconds, programs: await secondsOn(clock) });
    }
    const detail = `a task takes ${median(rounds.map(({ whole }) => whole)).toFixed(2)} s, ${ROUNDS} rounds`;
    return [
      {
        what: "an RPM task in mock, beyond git and mock",
        rounds: rounds.map(({ whole, programs }) => whole - programs),
        atMost: 0.4,
        unit: " s",
        detail,
      },
      { what: "the same, as a ratio to git and mock", rounds: rounds.map(({ whole, programs }) => whole / programs), atMost: 1.2, detail },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A directory for PATH with a git and a mock that write down when they began and ended. */
async function timedPrograms(directory: string, clock: string): Promise<string> {
  await mkdir(directory);
  for (const name of ["git", "mock"]) {
    const script = `#!/bin/bash\nbegan=$EPOCHREALTIME\n'${await findProgram(name)}' "$@"\nstatus=$?\necho "$began $EPOCHREALTIME" >>'${clock}'\nexit $status\n`;
    await writeFile(join(directory, name), script, { mode: 0o755 });
  }
  return directory;
}

async function secondsOn(clock: string): Promise<number> {
  const lines = (await readFile(clock, "utf8")).split("\n").filter(Boolean);
  return lines.map((line) => line.split(" ").map(Number)).reduce((sum, [began = 0, ended = 0]) => sum + ended - began, 0);
}
