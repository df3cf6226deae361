import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { dirname, join, resolve } from "node:path";
import { configText } from "./api-page.ts";
import { BuilderHost } from "./builder-host.ts";
import { Dispatcher } from "./dispatcher.ts";
import { RepositoryMaker } from "./repository-maker.ts";
import { createSandboxServer, type RecordedRequest } from "./server.ts";
import { World } from "./world.ts";

export interface SandboxOptions {
  /** Private directory for everything; made if missing. */
  directory: string;
  /** argv prefix that starts copr-builder. */
  builder: readonly string[];
  /** Passed on as `--buildroot`; absent: the builder decides. */
  buildroot?: "host" | "mock";
  username?: string;
  /** Mock chroots and their comments. */
  chroots?: Record<string, string>;
  /** false: tasks stay pending and a test drives the builder by hand. */
  dispatch?: boolean;
  /** Hears of progress in lines for people, such as `build 1: importing`. */
  onEvent?: (line: string) => void;
}

export interface Sandbox {
  url: string;
  /** A ~/.config/copr for this server. */
  configText: string;
  /** Holds the dist-git-client configuration of this server. */
  distGitConfigDirectory: string;
  /** Path of a main.ini for copr-builder. */
  builderConfig: string;
  /** The tree served under /results. */
  resultsDirectory: string;
  /** The `--state-dir` of the dispatched builds. */
  builderStateDirectory: string;
  requests: RecordedRequest[];
  /** Stops server, dispatcher and running builders. */
  close(): Promise<void>;
}

const defaultChroots = { "fedora-rawhide-x86_64": "", "fedora-43-x86_64": "", "epel-10-x86_64": "" };

/** Members: the main account only, so that the second one can be turned away. */
const GROUP = "testgroup";

/** A second account without any rights. */
export const GUEST = "guest";

/** Starts a whole Copr on one loopback port: frontend, dist-git, results store and backend. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  return (await startSandboxWithWorld(options)).sandbox;
}

/** For tests that look behind the wire or need the second account. */
export async function startSandboxWithWorld(options: SandboxOptions): Promise<{ sandbox: Sandbox; world: World }> {
  const directories = await makeDirectories(resolve(options.directory));
  const requests: RecordedRequest[] = [];
  let world: World | undefined;
  const server = createSandboxServer(() => world as World, directories, requests);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world = new World(url, options.chroots ?? defaultChroots);
  const account = world.addAccount(options.username ?? "demo");
  world.addAccount(GUEST);
  world.groups.set(GROUP, [account.name]);

  const repositories = new RepositoryMaker(directories.results);
  world.on("project", (project) => repositories.createAll(project));
  const builderConfig = await writeConfiguration(directories.configuration, url);
  const dispatcher = options.dispatch === false ? null : startDispatcher(options, world, directories, repositories, builderConfig);
  return {
    world,
    sandbox: {
      url,
      configText: configText(url, account),
      distGitConfigDirectory: directories.configuration,
      builderConfig,
      resultsDirectory: directories.results,
      builderStateDirectory: directories.builder,
      requests,
      async close() {
        await dispatcher?.close();
        await repositories.idle();
        const closed = once(server.close(), "close");
        server.closeAllConnections();
        await closed;
      },
    },
  };
}

type Directories = Awaited<ReturnType<typeof makeDirectories>>;

async function makeDirectories(root: string) {
  const directories = {
    uploads: join(root, "tmp"),
    repositories: join(root, "git"),
    lookaside: join(root, "lookaside"),
    results: join(root, "results"),
    workspace: join(root, "import"),
    configuration: join(root, "etc"),
    builder: join(root, "builder"),
  };
  for (const directory of Object.values(directories)) await mkdir(directory, { recursive: true });
  return directories;
}

function startDispatcher(
  options: SandboxOptions,
  world: World,
  directories: Directories,
  repositories: RepositoryMaker,
  builderConfig: string,
): Dispatcher {
  const host = new BuilderHost({
    builder: options.builder,
    buildroot: options.buildroot,
    stateDirectory: directories.builder,
    config: builderConfig,
    distGitConfigDirectory: directories.configuration,
  });
  const context = {
    world,
    distGit: directories,
    repositories,
    resultsDirectory: directories.results,
    onEvent: options.onEvent ?? (() => undefined),
  };
  return new Dispatcher(context, host);
}

/** The builder's two configuration files; returns the path of main.ini. */
async function writeConfiguration(directory: string, url: string): Promise<string> {
  const distGit = [
    "[sandbox]",
    "clone_hostnames = 127.0.0.1",
    `lookaside_location = ${url}`,
    "lookaside_uri_pattern = lookaside/{name}/{filename}/{hashtype}/{hash}/{filename}",
    "default_sum = sha512",
    "sources_file = sources",
    "",
  ];
  // The builder's main.ini must not lie among the dist-git files, which are all read.
  const builderConfig = join(directory, "..", "main.ini");
  await writeFile(join(directory, "sandbox.ini"), distGit.join("\n"));
  await writeFile(
    builderConfig,
    `[main]\nfrontend_url=${url}\nmacro_override_db_url=\nrules_file=${join(dirname(builderConfig), "copr-rpmbuild.yml")}\n`,
  );
  return builderConfig;
}
