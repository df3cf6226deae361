import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuilderHost, startBuilderHost } from "./builder-host.ts";
import { makeMockStandIn, type MockStandIn } from "./mock-stand-in/stand-in.ts";
import { eventually, processesMentioning } from "./processes.ts";
import { bin, type Outcome, output, runProgram } from "./program.ts";

/** A builder that builds in mock's chroots: those of the stand-in, or of real mock where that `isReal`. */
export interface MockHost {
  host: BuilderHost;
  standIn: MockStandIn;
  /** Path of its main.ini. */
  config: string;
  /** Writes main.ini anew, with `more` lines in it. */
  configure(more?: string): Promise<void>;
  /** Real mock may take minutes for a chroot. */
  runTask(task: unknown, timeoutMs?: number): Promise<Outcome>;
  /** Starts a task in a process of its own; resolves when its log holds the text. */
  startTask(task: unknown, text: string): Promise<{ pid: number; ended: Promise<unknown> }>;
  /** The configuration that the last task built with. */
  childConfig(): Promise<string>;
  close(): Promise<void>;
}

/** Puts mock's stand-in into PATH until the host is closed, unless real mock is wanted. */
export async function startMockHost({ isReal = false } = {}): Promise<MockHost> {
  const path = process.env["PATH"] ?? "";
  const host = await startBuilderHost();
  const config = join(host.directory, "mock.ini");
  const standIn = await makeMockStandIn(host.directory);
  if (!isReal) process.env["PATH"] = `${standIn.binDirectory}:${path}`;
  const directory = isReal ? "" : `mock_config_directory = ${standIn.configDirectory}\n`;
  const configure = (more = ""): Promise<void> =>
    writeFile(config, `[main]\nfrontend_url = ${host.url}\nfetch_attempts = 1\nrules_file = /nonexistent/rules.yml\n${directory}${more}`);
  await configure();
  const command = async (task: unknown): Promise<[string, ...string[]]> => {
    const file = join(host.directory, "task.json");
    await writeFile(file, JSON.stringify(task));
    return [...bin.builder, "run", "--config", config, "--task-file", file, "--state-dir", host.stateDirectory];
  };
  return {
    host,
    standIn,
    config,
    configure,
    runTask: async (task, timeoutMs = 240_000) => runProgram(await command(task), { cwd: host.directory, timeoutMs }),
    startTask: async (task, text) => {
      const [program, ...words] = await command(task);
      const child = spawn(program, words, { stdio: "ignore" });
      const ended = new Promise((resolve) => child.on("close", resolve));
      await eventually(`the log says '${text}'`, async () => (await host.log().catch(() => "")).includes(text));
      return { pid: child.pid as number, ended };
    },
    childConfig: () => output(["tar", "-xzOf", join(host.stateDirectory, "results", "configs.tar.gz"), "configs/child.cfg"]),
    close: async () => {
      await host.close();
      process.env["PATH"] = path;
      const chroots = join(host.directory, "mock", "lib");
      await eventually("nothing runs in a chroot any more", async () => (await processesMentioning(chroots)).length === 0);
    },
  };
}
