import { constants } from "node:fs";
import { access, readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Command } from "commander";
import { newApiToken as requestToken } from "../../core/api/index.ts";
import type { ClientConfig } from "../../core/account/config.ts";
import { defaultConfigPath } from "../../core/account/config-place.ts";
import { updateTokens } from "../../core/account/config-text.ts";
import { ConfigurationError, CoprError, RequestError } from "../../core/errors.ts";
import { mayHaveArrived } from "../../core/http/connection-errors.ts";
import type { Context } from "../context.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** Where a new token was written. The token itself is told to nobody. */
export interface RenewedToken {
  path: string;
  /** Last day of the token, as the frontend writes it. */
  expiration: string;
}

const shape: Shape<RenewedToken> = { fields: { path: "shown", expiration: "shown" } };
const printed = printing(shape, { formats: formatsOfActs });

/** `new-api-token`: replaces the token in the configuration file by a new one. */
export function newApiToken(context: Context): Command {
  const command = new Command("new-api-token")
    .helpGroup("Account:")
    .summary("get a new API token and write it into the configuration file");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nThe old token is void at once.\n\nExample:\n  copr-cli new-api-token")
    .action(async (options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const config = await context.config();
      const path = config.path ?? defaultConfigPath();
      // Everything that can fail is tried before the old token is given up.
      const target = await writableFile(path, config);
      const { mode } = await stat(target);
      const text = await readFile(target, "utf8");
      const answer = await requestToken(await context.transport()).catch(tellWhetherVoid);
      await replaceFile(target, mode, text, answer);
      await output.record({ path, expiration: answer.expiration }, `New API token was updated in ${path}.\n`);
    });
}

/** The file behind the name, which may be a link; throws ConfigurationError when it can't be updated. */
async function writableFile(path: string, { path: found, login, token, tokenSource }: ClientConfig): Promise<string> {
  if (tokenSource === "environment" || tokenSource === "command") {
    const source = tokenSource === "command" ? "the token_command" : "the environment";
    throw new ConfigurationError(`The API token comes from ${source}, not from ${path}.  Can't update.`);
  }
  if (found === undefined) throw new ConfigurationError(`File ${path} not found.  Can't update.`);
  const target = await realpath(path);
  if (!(await stat(target)).isFile()) throw new ConfigurationError(`${path} is no regular file.  Can't update.`);
  try {
    await access(target, constants.W_OK);
    // The file is replaced as a whole, which takes a place beside it.
    await access(dirname(target), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ConfigurationError(`File ${path} is not writable.  Can't update.`, { cause });
  }
  if (login === undefined || token === undefined) {
    throw new ConfigurationError(`Current ${path} doesn't specify login/token.  Can't update.`);
  }
  return target;
}

/** A frontend that took the request has made the old token void, also where its answer got lost. */
function tellWhetherVoid(error: unknown): never {
  if (!mayHaveArrived(error)) throw error;
  const { message } = error as RequestError;
  throw new RequestError(message, {
    cause: error,
    hint: "The old API token may be void by now: copr-cli auth-status --check tells, and copr-cli login takes a new one.",
  });
}

/** The only copy of the token is in our hands: if it can't be saved, the user gets to see it. */
async function replaceFile(path: string, mode: number, text: string, answer: Awaited<ReturnType<typeof requestToken>>): Promise<void> {
  try {
    const { removeHalfWritten, writeFileAtomic } = await import("../../core/files/atomic-file.ts");
    await removeHalfWritten(path);
    await writeFileAtomic(path, updateTokens(text, answer), mode & 0o777);
  } catch (cause) {
    const { api_login: login, api_token: token } = answer;
    throw new CoprError(`The old API token is void, and the new one could not be saved: ${(cause as Error).message}`, {
      cause,
      hint: `Please put these lines in place of the old ones in ${path} (where a % is written %%):\nlogin = ${login}\ntoken = ${token}`,
    });
  }
}
