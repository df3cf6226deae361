import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startSandboxWithWorld } from "../sandbox/sandbox.ts";
import { specOf } from "../support/batch-specs.ts";
import { bin, runProgram } from "../support/program.ts";
import { randomNumbers } from "../support/random.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** COPR_TEST_KILLS=50 is the big run; COPR_TEST_SEED repeats one. */
const KILLS = Number(process.env["COPR_TEST_KILLS"] ?? 6);
const SEED = Number(process.env["COPR_TEST_SEED"] ?? Date.now() % 1_000_000);
const PACKAGES = 30;

/** Starts a program and kills it when it is time; whether it was still there. */
async function killed(
  argv: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
  time: () => Promise<void>,
): Promise<boolean> {
  const [file, ...rest] = argv as [string, ...string[]];
  const child = spawn(file, rest, { cwd, env: { ...process.env, ...env }, stdio: "ignore" });
  const ended = new Promise<boolean>((resolve) => child.on("close", (_, signal) => resolve(signal === "SIGKILL")));
  await Promise.race([time(), ended]);
  child.kill("SIGKILL");
  return ended;
}

const byText = (a: string, b: string): number => a.localeCompare(b);

async function isUnderWay(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  const journals = await Promise.all(names.filter((name) => name.endsWith(".json")).map((name) => readFile(join(directory, name), "utf8")));
  return journals.some((text) => text.includes('"build":null'));
}

test(`${KILLS} kills at any moment of a batch of ${PACKAGES}, seed ${SEED}: each package is built once`, {
  timeout: 60_000 + KILLS * 30_000,
}, async () => {
  const random = randomNumbers(SEED);
  const root = await temporaryDirectory();
  const { sandbox, world } = await startSandboxWithWorld({ directory: join(root, "s"), builder: bin.builder, dispatch: false });
  onTestFinished(() => sandbox.close());
  const work = join(root, "work");
  await mkdir(work);
  await writeFile(join(root, "config"), sandbox.configText, { mode: 0o600 });
  const names = Array.from({ length: PACKAGES }, (_, at) => `package${at}`);
  for (const [at, name] of names.entries()) {
    await writeFile(join(work, `${name}.spec`), specOf({ name, requires: at < 10 ? [] : [`package${at % 10}`] }));
  }
  // Its long waits are shortened.
  const fastTimers = fileURLToPath(new URL("../goldens/preload/fast-timers.cjs", import.meta.url));
  const env = {
    NODE_OPTIONS: `--require="${fastTimers}"`,
    GOLDEN_SLEEP_LOG: join(root, "sleeps"),
    HOME: root,
    XDG_STATE_HOME: join(root, "state"),
  };
  const cli = [...bin.cli, "--config", join(root, "config")];
  /** How many kills came in the middle of the batch, and of these how many in the middle of a submission. */
  const seen = { kills: 0, rounds: 0, inTheMiddle: 0, underWay: 0 };
  while (seen.kills < KILLS) {
    const project = `batch${seen.rounds}`;
    seen.rounds += 1;
    expect(await runProgram([...cli, "create", project, "--chroot", "fedora-43-x86_64"], { env })).toMatchObject({ exitCode: 0 });
    const batch = [...cli, "build-batch", project, "--yes", "--nowait", "--resume", ...names.map((name) => `${name}.spec`)];
    const buildsNow = () => world.builds.filter((build) => build.project.name === project);
    for (let isDone = false; !isDone && seen.kills < KILLS; ) {
      // Some requests later, and a little: before one is sent, while it is worked on, while its answer is written down.
      const requests = sandbox.requests.length + Math.floor(random() * 14);
      const extraMs = random() * 25;
      isDone = !(await killed(batch, { cwd: work, env }, async () => {
        while (sandbox.requests.length < requests) await sleep(1);
        await sleep(extraMs);
      }));
      if (isDone) continue;
      seen.kills += 1;
      if (buildsNow().length > 0 && buildsNow().length < PACKAGES) seen.inTheMiddle += 1;
      if (await isUnderWay(join(env.XDG_STATE_HOME, "copr", "batches"))) seen.underWay += 1;
    }
    expect(await runProgram(batch, { cwd: work, env })).toMatchObject({ exitCode: 0, stderr: "" });
    expect(
      buildsNow()
        .map(({ source }) => String(source.dict["pkg"]))
        .toSorted(byText),
    ).toEqual(names.map((name) => `${name}.spec`).toSorted(byText));
  }
  process.stdout.write(`${JSON.stringify({ seed: SEED, ...seen })}\n`);
});
