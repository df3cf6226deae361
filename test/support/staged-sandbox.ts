import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { newBuildChroot } from "../sandbox/build-state.ts";
import type { Build, BuildOptions, Project, Source, State } from "../sandbox/models.ts";
import { defaultSettings, replaceChroots } from "../sandbox/project-settings.ts";
import { configText } from "../sandbox/api-page.ts";
import { GUEST, type Sandbox, startSandboxWithWorld } from "../sandbox/sandbox.ts";
import type { World } from "../sandbox/world.ts";
import { bin, type Outcome } from "./program.ts";
import { type CliResult, runCli } from "./run-cli.ts";
import { typeAt } from "./typed-line.ts";

/** A sandbox whose builds end as a test says, at once. */
export interface StagedSandbox {
  sandbox: Sandbox;
  world: World;
  /** copr-cli as the owner of the projects. */
  cli(...argv: string[]): Promise<CliResult>;
  /** `rebuild` without waiting: the lines of its data, and the builds it made. */
  rebuild(...words: string[]): Promise<CliResult & { told: Record<string, unknown>[]; made: Build[] }>;
  /** copr-cli as somebody without any rights. */
  guest(...argv: string[]): Promise<CliResult>;
  /** A project with these chroots. */
  project(name: string, chroots: readonly string[]): Project;
  /** A build of an address, or of another source, which ends as it says; without chroots it is not finished. */
  build(project: Project, packageName: string, states: Record<string, State>, how?: { source?: Source; dirname?: string }): Build;
  /** copr-cli with a temporary directory of its own, ended by a signal as soon as it may be. */
  signaled(signal: NodeJS.Signals, when: Promise<unknown>, temporary: string, ...argv: string[]): Promise<CliResult>;
  /** copr-cli at a terminal, where a person answers. */
  typed(dialogue: Parameters<typeof typeAt>[0], ...argv: string[]): Promise<Outcome>;
  /** Gives a build its package and its chroots, as they end. */
  finish(build: Build, packageName: string, states: Record<string, State>): void;
  /** Makes a build's source package one of its results, and forgets what was uploaded. */
  publishSource(build: Build, content: Buffer): Promise<void>;
  /** The file a build was uploaded as. */
  uploaded(build: Build): Promise<Buffer>;
  /** Whatever could have changed something since the last call. */
  changes(): string[];
  close(): Promise<void>;
}

/** What begins as a package does. */
export function packageOf(text: string): Buffer {
  return Buffer.concat([Buffer.from("edabeedb", "hex"), Buffer.from(text)]);
}

/** What lines of JSON say. */
export function linesOf(stdout: string): Record<string, unknown>[] {
  const lines = stdout.split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export async function stagedSandbox(): Promise<StagedSandbox> {
  const root = await mkdtemp(join(tmpdir(), "staged-"));
  const { sandbox, world } = await startSandboxWithWorld({ directory: root, builder: [], dispatch: false });
  const guest = world.accounts.find(({ name }) => name === GUEST);
  if (guest === undefined) throw new Error("no guest");
  let seen = 0;
  const uploads = (build: Build): string => join(root, "tmp", String(build.source.dict["tmp"]));
  const makeHome = async (): Promise<string> => {
    const home = join(root, "home");
    await mkdir(join(home, ".config"), { recursive: true });
    await writeFile(join(home, ".config", "copr"), sandbox.configText, { mode: 0o600 });
    return home;
  };
  const finish: StagedSandbox["finish"] = (build, packageName, states) => {
    const { project } = build;
    build.source_state = "succeeded";
    build.version = "1-1";
    build.package = world.findPackage(project, packageName) ?? world.addPackage(project, packageName, build.source);
    build.chroots = Object.entries(states).map(([name, state]) => ({ ...newBuildChroot(name), state }));
  };
  return {
    sandbox,
    world,
    cli: (...argv) => runCli({ argv, config: sandbox.configText }),
    async rebuild(...words) {
      const before = world.builds.length;
      const result = await runCli({ argv: ["rebuild", ...words, "--nowait", "--output-format", "jsonl"], config: sandbox.configText });
      return { ...result, told: linesOf(result.stdout).filter(({ event }) => event !== "created"), made: world.builds.slice(before) };
    },
    guest: (...argv) => runCli({ argv, config: configText(sandbox.url, guest) }),
    async typed(dialogue, ...argv) {
      return typeAt(dialogue, [...bin.cli, ...argv], { env: { HOME: await makeHome(), TERM: "xterm", CI: "", no_proxy: "127.0.0.1" } });
    },
    async signaled(signal, when, temporary, ...argv) {
      const home = await makeHome();
      const [node, program] = bin.cli;
      const child = spawn(node, [program, ...argv], { env: { PATH: process.env["PATH"], HOME: home, TMPDIR: temporary, LANG: "C.UTF-8" } });
      const closed = once(child, "close") as Promise<[number | null]>;
      void when.then(() => child.kill(signal));
      const [stdout, stderr, [exit]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
      return { exit, stdout, stderr };
    },
    project(name, chroots) {
      const project = world.addProject("demo", name, defaultSettings());
      replaceChroots(project, chroots);
      return project;
    },
    build(project, packageName, states, { source, dirname } = {}) {
      const link = { type: "link", dict: { url: `https://example.org/${packageName}-1-1.src.rpm` } } as const;
      const options: BuildOptions = {
        chroots: null,
        timeout: 18_000,
        background: false,
        bootstrap: "unchanged",
        isolation: "unchanged",
        enable_net: false,
        project_dirname: dirname ?? project.name,
        batch: null,
      };
      const build = world.addBuild(project, "demo", source ?? link, options);
      if (Object.keys(states).length > 0) finish(build, packageName, states);
      return build;
    },
    finish,
    async publishSource(build, content) {
      build.source_result_dir = String(build.id).padStart(8, "0");
      const { project, options } = build;
      const directory = join(sandbox.resultsDirectory, project.ownername, options.project_dirname, "srpm-builds", build.source_result_dir);
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, "builder-live.log.gz"), "");
      await writeFile(join(directory, String(build.source.dict["pkg"]).replace(/\.spec$/, "-1-1.src.rpm")), content);
      await rm(uploads(build), { recursive: true });
    },
    uploaded: (build) => readFile(join(uploads(build), String(build.source.dict["pkg"]))),
    changes() {
      const fresh = sandbox.requests.slice(seen).filter(({ method }) => method !== "GET");
      seen = sandbox.requests.length;
      return fresh.map(({ method, path }) => `${method} ${path}`);
    },
    async close() {
      await sandbox.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
