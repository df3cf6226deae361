import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { newBuildChroot } from "../sandbox/build-state.ts";
import type { Build, State } from "../sandbox/models.ts";
import { startSandboxWithWorld } from "../sandbox/sandbox.ts";
import { specOf } from "./batch-specs.ts";
import { type Fault, faultyProxy } from "./faulty-proxy.ts";
import { bin, runProgram } from "./program.ts";
import { runOnTerminal } from "./terminal-run.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const fastTimers = fileURLToPath(new URL("../goldens/preload/fast-timers.cjs", import.meta.url));
const chroots = ["fedora-43-x86_64", "epel-10-x86_64"];

export interface BatchSurroundings {
  files: Readonly<Record<string, string>>;
  /** Ends a build as soon as it was made; without it they stay pending. */
  end?: (name: string, nth: number) => State | Record<string, State> | undefined;
  fault?: (path: string, nth: number) => Fault | undefined;
}

/** A frontend behind a proxy, a project, a directory with files, and copr-cli in it. */
export async function batchSurroundings({ files, end, fault = () => undefined }: BatchSurroundings) {
  const root = await temporaryDirectory();
  const { sandbox, world } = await startSandboxWithWorld({ directory: join(root, "s"), builder: bin.builder, dispatch: false });
  onTestFinished(() => sandbox.close());
  const counts = new Map<string, number>();
  const count = (name: string): number => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts.get(name) as number;
  };
  const proxy = await faultyProxy(sandbox.url, ({ method, url }) => {
    const name = `${method} ${url.split("?", 1)[0]}`;
    return fault(name, count(name));
  });
  await writeFile(join(root, "config"), sandbox.configText.replace(sandbox.url, proxy.url), { mode: 0o600 });
  const work = join(root, "work");
  await mkdir(work);
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(dirname(join(work, name)), { recursive: true });
      await writeFile(join(work, name), content);
    }
  };
  await write(files);
  const temporary = join(root, "tmp");
  await mkdir(temporary);
  const env = {
    HOME: root,
    TMPDIR: temporary,
    XDG_STATE_HOME: join(root, "state"),
    NODE_OPTIONS: `--require="${fastTimers}"`,
    GOLDEN_SLEEP_LOG: join(root, "sleeps"),
  };
  const argv = (words: readonly string[]): string[] => [...bin.cli, "--config", join(root, "config"), ...words];
  const run = (...words: string[]) => runProgram(argv(words), { cwd: work, env });
  expect(await run("create", "prj", ...chroots.flatMap((name) => ["--chroot", name]))).toMatchObject({ exitCode: 0 });
  if (end) {
    world.on("task", () => {
      // After the answer: the build is not whole yet.
      setImmediate(() => {
        for (const build of world.builds.filter(({ source_state }) => source_state === "pending")) {
          const states = end(nameOf(build), count(nameOf(build)));
          if (states !== undefined) finish(build, states);
        }
      });
    });
  }
  const journals = join(root, "state", "copr", "batches");
  return {
    world,
    run,
    /** The same at a terminal. */
    watched: (...words: string[]) => runOnTerminal(argv(words), { cwd: work, env }),
    /** The same, to be ended by a signal. */
    async interrupted(signal: NodeJS.Signals, when: Promise<unknown>, ...words: string[]) {
      const child = spawn(argv(words)[0] as string, argv(words).slice(1), { cwd: work, env: { ...process.env, ...env } });
      const closed = once(child, "close") as Promise<[number | null]>;
      void when.then(() => child.kill(signal));
      const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
      return { exitCode, stdout, stderr };
    },
    write,
    work,
    counts,
    journals,
    /** What is served as results. */
    results: sandbox.resultsDirectory,
    temporary,
    /** What copr-cli has left in its temporary directory. */
    leftovers: () => readdir(temporary),
  };
}

function finish(build: Build, states: State | Record<string, State>): void {
  build.source_state = "succeeded";
  const names = build.chroots.length > 0 ? build.chroots.map(({ name }) => name) : chroots;
  build.chroots = names.map((name) => ({
    ...newBuildChroot(name),
    state: typeof states === "string" ? states : (states[name] ?? "succeeded"),
  }));
}

/** The package of a build. */
export const nameOf = ({ source: { dict } }: Build): string =>
  basename(String(dict["pkg"] ?? dict["url"])).replace(/\.spec$|-[^-]+-[^-]+\.src\.rpm$/, "");

/** Each build as name, number of its batch, and number of the one that it waits for. */
export const placed = (builds: readonly Build[]) =>
  builds.map((build) => [nameOf(build), build.options.batch?.id, build.options.batch?.after?.id]);

/** Two packages that need a third, and one that needs both. */
export const diamond = {
  "app.spec": specOf({ name: "app", requires: ["left-devel >= 1", "pkgconfig(right)"] }),
  "left.spec": specOf({ name: "left", requires: ["base-devel"], packages: { devel: [] } }),
  "right.spec": specOf({ name: "right", requires: ["base-devel"], packages: { devel: [] } }),
  "base.spec": specOf({ name: "base", packages: { devel: [] } }),
};
