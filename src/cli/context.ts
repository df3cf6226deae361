import type { BuildTarget } from "../core/api/index.ts";
import { type ClientConfig, readClientConfig } from "../core/account/config.ts";
import { secretVariables } from "../core/account/config-environment.ts";
import type { ConfigChoice, Environment } from "../core/account/config-place.ts";
import type { Credentials } from "../core/http/authorization.ts";
import { credentialsFrom } from "../core/account/credentials.ts";
import type { CoprError } from "../core/errors.ts";
import { parseChrootPath, parseProjectName } from "../core/task/names.ts";
import type { Transport } from "../core/http/transport.ts";
import { version } from "../core/version.ts";
import { clockTime } from "./format/clock-time.ts";
import type { Terminal } from "./terminal.ts";

/** Surroundings of a command. Made once a run; configuration is read and connections are made when first asked for. */
export interface Context {
  readonly terminal: Terminal;
  /** Which configuration the user means. */
  readonly configChoice: ConfigChoice;
  config(): Promise<ClientConfig>;
  transport(): Promise<Transport>;
  /** The transport, after making sure that there are credentials at all: a missing token is told before any request. */
  authenticated(): Promise<Transport>;
  username(): Promise<string>;
  /** `owner/project` or `project`, the user being the owner of the short form. */
  project(text: string): Promise<{ ownername: string; projectname: string }>;
  /** The same with a project directory, `project:dir`. */
  buildTarget(text: string): Promise<BuildTarget & { ownername: string }>;
  /** `owner/project/chroot` or `project/chroot`. */
  chroot(text: string): Promise<{ ownername: string; projectname: string; chrootname: string }>;
  /** Whether a frontend has answered something. */
  readonly hasAnswers: boolean;
  readonly isDebug: boolean;
  /** Tells of an exchange with a server, if the user wants to see that. */
  readonly log: ((line: string) => void) | undefined;
  /** Aborted when the user interrupts. */
  readonly interrupted: AbortSignal;
}

export interface ContextOptions {
  terminal: Terminal;
  configPath?: string | undefined;
  instance?: string | undefined;
  isDebug?: boolean;
  interrupted: AbortSignal;
}

/** Attempts that upstream's client makes of each request. */
const CONNECTION_ATTEMPTS = 3;

export function createContext({ terminal, configPath, instance, isDebug = false, interrupted }: ContextOptions): Context {
  const configChoice: ConfigChoice = { configPath, instance, environment: withoutHeirs(process.env) };
  const config = once(() => readClientConfig(configChoice));
  const credentials = once(async (): Promise<Credentials> => credentialsFrom(await config(), () => transport(), interrupted));
  const log = isDebug ? (line: string): void => terminal.error(`[${clockTime()}] ${line}\n`) : undefined;
  let made: Transport | undefined;
  const transport = once(async (): Promise<Transport> => {
    const { createClient } = await import("../core/client.ts");
    const { coprUrl } = await config();
    made = createClient({
      url: coprUrl,
      userAgent: `copr-cli/${version}`,
      credentials: await credentials(),
      attempts: CONNECTION_ATTEMPTS,
      signal: interrupted,
      ...(log ? { log } : {}),
    });
    return made;
  });
  const username = async (): Promise<string> => (await credentials()).username();
  /** The user as the owner of a short name; `advice` goes before the error when there is none. */
  const ownOwner = async (advice: string): Promise<string> => {
    try {
      return await username();
    } catch (error) {
      terminal.notice(`ERROR: ${advice}\n`);
      throw error as CoprError;
    }
  };
  const buildTarget = async (text: string): Promise<BuildTarget & { ownername: string }> => {
    const { owner, project, dirname } = parseProjectName(text);
    const ownername =
      owner ??
      (await ownOwner(
        `Wrong project argument format '${text}'.  Please use the full '<owner>/<project>' argument format, ` +
          "or authenticate to use the short '<project>' format (which means '<your_username>/<project>').",
      ));
    return { ownername, projectname: project, project_dirname: dirname };
  };
  return {
    terminal,
    configChoice,
    interrupted,
    isDebug,
    log,
    get hasAnswers() {
      return made?.isReached ?? false;
    },
    config,
    transport,
    async authenticated() {
      await (await credentials()).headers(false);
      return transport();
    },
    username,
    async project(text) {
      const { ownername, project_dirname } = await buildTarget(text);
      return { ownername, projectname: project_dirname };
    },
    buildTarget,
    async chroot(text) {
      const { owner, project, chroot } = parseChrootPath(text);
      const ownername =
        owner ??
        (await ownOwner(
          `Wrong chroot path format '${text}'. Use the full '<owner>/<project>/<chroot>' format or authenticate to use the short ` +
            "'<project>/<chroot>' format (which means '<your_username>/<project>/<chroot>').",
        ));
      return { ownername, projectname: project, chrootname: chroot };
    },
  };
}

/** The variables as they are; the programs that are started from now on, a stranger's among them, do not get the secret ones. */
function withoutHeirs(environment: NodeJS.ProcessEnv): Environment {
  const known = { ...environment };
  for (const name of secretVariables) delete environment[name];
  return known;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
