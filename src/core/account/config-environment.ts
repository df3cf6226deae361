import { ConfigurationError, describeFileError } from "../errors.ts";
import { readInput } from "../files/input.ts";
import { knowPasswordOf, knowToken } from "../text/known-secrets.ts";
import type { Environment } from "./config-place.ts";

/** What the environment says of frontend and user; the token is whole or absent. */
export interface EnvironmentAccount {
  coprUrl: string | undefined;
  username: string | undefined;
  login: string | undefined;
  token: string | undefined;
}

/** The variables that hold secrets themselves: a program that starts others does not hand them on. */
export const secretVariables: readonly string[] = ["COPR_LOGIN", "COPR_TOKEN"];

/**
 * Reads COPR_URL, COPR_USERNAME, COPR_LOGIN and COPR_TOKEN, or the files that COPR_LOGIN_FILE and COPR_TOKEN_FILE name. An
 * empty variable is as good as none: so CI systems spell a secret that there is not. Throws ConfigurationError, also for half
 * a token: the other half of another source belongs to another token.
 */
export async function accountOfEnvironment(environment: Environment): Promise<EnvironmentAccount> {
  const coprUrl = environment["COPR_URL"] || undefined;
  if (coprUrl !== undefined) knowPasswordOf(coprUrl);
  const [login, token] = [await secretOf(environment, "COPR_LOGIN"), await secretOf(environment, "COPR_TOKEN")];
  if ((login === undefined) !== (token === undefined)) {
    const [present, absent] = token === undefined ? ["COPR_LOGIN", "COPR_TOKEN"] : ["COPR_TOKEN", "COPR_LOGIN"];
    throw new ConfigurationError(`There is half an API token in the environment: ${present} without ${absent}.`, {
      hint: `Set ${absent} or ${absent}_FILE as well: both halves of a token are on the page /api/ of the Copr.`,
    });
  }
  const username = environment["COPR_USERNAME"] || undefined;
  if (token !== undefined) knowToken(token, login, username);
  return { coprUrl, username, login, token };
}

const MAX_SECRET_BYTES = 64 * 1024;

/** The variable, or what is in the file that its companion names. */
async function secretOf(environment: Environment, name: string): Promise<string | undefined> {
  const value = environment[name];
  if (value) return oneLine(value.trim(), name);
  const path = environment[`${name}_FILE`];
  if (!path) return undefined;
  let text: string;
  try {
    text = (await readInput(path, MAX_SECRET_BYTES)).toString().trim();
  } catch (cause) {
    throw new ConfigurationError(`Cannot read '${path}', the ${name}_FILE: ${describeFileError(cause)}`, { cause });
  }
  if (text === "") throw new ConfigurationError(`'${path}', the ${name}_FILE, is empty.`);
  return oneLine(text, `${name}_FILE`);
}

/** It becomes a part of a header. */
function oneLine(secret: string, source: string): string {
  if (/[\r\n]/.test(secret)) throw new ConfigurationError(`What ${source} holds is more than one line.`);
  return secret;
}
