import { ConfigurationError, describeFileError, errorCode } from "../errors.ts";
import { readInput } from "../files/input.ts";
import { type Ini, IniError, parseIni } from "../text/ini.ts";
import { knowPasswordOf, knowSecret, knowToken } from "../text/known-secrets.ts";
import { withoutSecrets } from "../text/without-secrets.ts";
import { accountOfEnvironment, type EnvironmentAccount } from "./config-environment.ts";
import { type ConfigChoice, type ConfigPlace, configPlace, instanceNames } from "./config-place.ts";
import { expirationIn } from "./expiration.ts";

/** What the client knows about its frontend and its user. */
export interface ClientConfig {
  /** Frontend address, no slash at its end. */
  coprUrl: string;
  username: string | undefined;
  login: string | undefined;
  token: string | undefined;
  /** Command line of a program that prints the token, in place of a token. */
  tokenCommand: string | undefined;
  /** Where the token comes from: the variables of the environment go before the file. Undefined when there is none. */
  tokenSource: "file" | "environment" | "command" | undefined;
  /** Last day of the token in the file, YYYY-MM-DD, if that one is used and the file tells it. */
  expiration: string | undefined;
  /** Whether Kerberos may be used when there is no token. On unless switched off, as in upstream's client. */
  gssapi: boolean;
  /** The file it came from; undefined when there is none. */
  path: string | undefined;
  /** Name of the instance, where the file is one. */
  instance: string | undefined;
}

/** Fedora's frontend, for who has no configuration. */
export const DEFAULT_URL = "https://copr.fedorainfracloud.org";
export const SECTION = "copr-cli";

/**
 * Reads `~/.config/copr`, or the file the user means, and what the environment says instead of it.
 * Throws ConfigurationError (one sentence naming the key or the variable) for anything unusable in them.
 */
export async function readClientConfig(choice: ConfigChoice = {}): Promise<ClientConfig> {
  const environment = await accountOfEnvironment(choice.environment ?? process.env);
  const place = configPlace(choice);
  const text = await readConfigText(place);
  try {
    return merge(text === undefined ? undefined : interpretFile(text, place.path), environment, place);
  } catch (error) {
    if (error instanceof IniError) throw new ConfigurationError(error.message, { cause: error });
    throw error;
  }
}

/** Nobody has so much to say in one. */
const MAX_CONFIG_BYTES = 1024 * 1024;

/** The text of a configuration file; undefined when there is none, and none was named. Throws ConfigurationError. */
async function readConfigText({ path, named, instance }: ConfigPlace): Promise<string | undefined> {
  try {
    return (await readInput(path, MAX_CONFIG_BYTES)).toString();
  } catch (cause) {
    if (errorCode(cause) !== "ENOENT") {
      throw new ConfigurationError(`Cannot read ${instance === undefined ? (named ?? path) : path}: ${describeFileError(cause)}`, {
        cause,
      });
    }
    if (instance !== undefined) throw missingInstance(instance, path);
    if (named !== undefined) throw new ConfigurationError(`File ${named} is missing.`, { cause });
    return undefined;
  }
}

function missingInstance(instance: string, path: string): ConfigurationError {
  const others = instanceNames();
  const known = others.length === 0 ? "There are no instances yet" : `There are: ${others.join(", ")}`;
  return new ConfigurationError(`There is no instance '${instance}': the file ${path} is missing.`, {
    hint: `${known}; copr-cli login --instance ${instance} --url ADDRESS makes this one.`,
  });
}

/** What a file says; `coprUrl` may be missing if the environment has it. */
interface FileConfig extends EnvironmentAccount {
  tokenCommand: string | undefined;
  gssapi: boolean;
  expiration: string | undefined;
}

function merge(file: FileConfig | undefined, environment: EnvironmentAccount, { path, instance }: ConfigPlace): ClientConfig {
  const isOfEnvironment = environment.token !== undefined;
  const { login, token } = isOfEnvironment ? environment : { login: file?.login, token: file?.token };
  const tokenCommand = token === undefined ? file?.tokenCommand : undefined;
  const ofFile = token === undefined ? undefined : "file";
  return {
    coprUrl: urlOf(file, environment, path),
    username: environment.username ?? file?.username,
    login,
    token,
    tokenCommand,
    tokenSource: isOfEnvironment ? "environment" : tokenCommand === undefined ? ofFile : "command",
    expiration: isOfEnvironment || token === undefined ? undefined : file?.expiration,
    gssapi: file?.gssapi ?? true,
    path: file === undefined ? undefined : path,
    instance: file === undefined ? undefined : instance,
  };
}

function urlOf(file: FileConfig | undefined, environment: EnvironmentAccount, path: string): string {
  if (environment.coprUrl !== undefined) return httpAddress(environment.coprUrl, "COPR_URL");
  if (file === undefined) return DEFAULT_URL;
  if (file.coprUrl === undefined) throw new ConfigurationError(`There is no 'copr_url' in the [${SECTION}] section of ${path}`);
  return file.coprUrl;
}

/** The address of a frontend, without a slash at its end. Throws ConfigurationError, naming where it comes from. */
export function httpAddress(text: string, source: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new ConfigurationError(`The value of ${source} is not an http(s) address: ${withoutSecrets(text)}`);
  }
  return text.replace(/\/+$/, "");
}

function interpretFile(content: string, path: string): FileConfig {
  const ini: Ini = parseIni(content, { source: path });
  if (!ini.has(SECTION)) throw new ConfigurationError(`There is no [${SECTION}] section in ${path}`);
  const text = (key: string): string | undefined => ini.get(SECTION, key) || undefined;
  const boolean = (key: string, otherwise: boolean): boolean => {
    const value = ini.get(SECTION, key);
    if (value === undefined) return otherwise;
    const known = booleans[value.toLowerCase()];
    if (known === undefined) throw new ConfigurationError(`The value of '${key}' in ${path} is not a boolean: ${value}`);
    return known;
  };
  const account = { username: text("username"), login: text("login"), token: text("token"), coprUrl: text("copr_url") };
  tellSecrets(account);
  const coprUrl = account.coprUrl === undefined ? undefined : httpAddress(account.coprUrl, `'copr_url' in ${path}`);
  if (boolean("encrypted", true) && coprUrl !== undefined && /^http:/i.test(coprUrl)) {
    throw new ConfigurationError("The `copr_url` should not be http, please obtain an up-to-date configuration from the Copr website");
  }
  return {
    ...account,
    coprUrl,
    tokenCommand: text("token_command"),
    gssapi: boolean("gssapi", true),
    expiration: expirationIn(content),
  };
}

function tellSecrets({ username, login, token, coprUrl }: EnvironmentAccount): void {
  if (coprUrl !== undefined) knowPasswordOf(coprUrl);
  if (token !== undefined) knowToken(token, login, username);
  else if (login !== username) knowSecret(login);
}

/** Spellings of Python's ConfigParser. */
const booleans: Readonly<Record<string, boolean>> = {
  "1": true,
  yes: true,
  true: true,
  on: true,
  "0": false,
  no: false,
  false: false,
  off: false,
};
