import { Readable } from "node:stream";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createTransport } from "../../src/core/http/transport.ts";
import { taskEnvironment } from "../../src/builder/task/environment.ts";
import { type Settings, readSettings } from "../../src/builder/settings.ts";
import { slotsAt, type StateDirectory } from "../../src/builder/state/state-directory.ts";
import { type TaskContext, taskRunner } from "../../src/builder/task/task-context.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The surroundings of a step of a task, with a log that is kept in memory. */
export interface TestContext extends TaskContext {
  /** What was said and printed so far. */
  readonly said: string[];
}

/** A context of its own for a test, that may use `file:` addresses; `environment` is the caller's. */
export async function taskContext({
  settings = {},
  environment = process.env,
  allowLocalFiles = true,
}: {
  settings?: Partial<Settings>;
  environment?: Readonly<Record<string, string | undefined>>;
  allowLocalFiles?: boolean;
} = {}): Promise<TestContext> {
  const workDirectory = await temporaryDirectory();
  const home = join(workDirectory, "home");
  await mkdir(home);
  const said: string[] = [];
  const log = {
    say: (text: string) => void said.push(text),
    output: (chunk: Buffer) => void said.push(chunk.toString()),
    begin: () => undefined,
    endOutput: () => undefined,
    hide: () => undefined,
    shown: (text: string) => text,
    read: () => Readable.from(said.map((text) => Buffer.from(text))),
    close: () => undefined,
  };
  const transport = createTransport({ coprUrl: "", userAgent: "test" });
  onTestFinished(() => transport.close());
  const base = {
    log,
    signal: new AbortController().signal,
    environment: taskEnvironment({ home, mark: "test", allowLocalFiles }, environment),
  };
  const directory = slotsAt(join(workDirectory, "state"), 1)[0] as StateDirectory;
  return {
    ...base,
    said,
    settings: { ...(await readSettings(undefined)), fetchAttempts: 1, ...settings },
    transport,
    workDirectory,
    home,
    allowLocalFiles,
    checkout: undefined,
    mockOptions: [],
    results: directory.results,
    directory,
    enter: () => Promise.resolve(),
    setChroot: () => Promise.resolve(),
    ...taskRunner(base, () => Promise.resolve()),
  };
}
