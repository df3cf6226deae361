import { ConfigurationError, CoprError } from "../errors.ts";
import { capture } from "../process/run.ts";
import { MissingProgramError } from "../process/start.ts";
import { commandWords } from "../text/command-words.ts";
import { knowSecret, knowToken } from "../text/known-secrets.ts";

/** Somebody may have to unlock a store of passwords. */
const TIME_LIMIT_MS = 120_000;
/** Who was interrupted ends in the tenth of a second, and leaves no program behind. */
const GRACE_MS = 40;
const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * Runs the program that `token_command` names, without a shell, and returns what it prints: the token. Throws
 * ConfigurationError, never with anything of its output: that is the secret; and the reason of the signal, which ends the program.
 */
export async function runTokenCommand(command: string, login: string, signal?: AbortSignal): Promise<string> {
  const argv = commandWords(command);
  if (argv === undefined) throw new ConfigurationError("The token_command has a quote without an end.");
  const [program = ""] = argv;
  if (program === "") throw new ConfigurationError("The token_command names no program.");
  const { exitCode, wasAborted, stdout } = await start(argv, program, signal);
  signal?.throwIfAborted();
  const token = stdout.toString().trim();
  // Also of a program that failed: it may have printed the token before.
  knowToken(token, login);
  for (const line of token.split(/[\r\n]+/)) knowSecret(line.trim());
  if (wasAborted) throw new ConfigurationError(`The token_command '${program}' did not end within ${TIME_LIMIT_MS / 1000} seconds.`);
  if (exitCode !== 0) {
    throw new ConfigurationError(`The token_command '${program}' ended with exit status ${exitCode}.`, {
      hint: "Run it by hand to see why.",
    });
  }
  if (token === "") throw new ConfigurationError(`The token_command '${program}' printed nothing.`);
  if (/[\r\n]/.test(token)) throw new ConfigurationError(`The token_command '${program}' printed more than one line.`);
  return token;
}

async function start(argv: readonly string[], program: string, signal: AbortSignal | undefined) {
  const timeLimit = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    return await capture(argv, {
      signal: signal === undefined ? timeLimit : AbortSignal.any([timeLimit, signal]),
      graceMs: GRACE_MS,
      maxBytes: MAX_TOKEN_BYTES,
    });
  } catch (cause) {
    if (!(cause instanceof CoprError)) throw cause;
    throw new ConfigurationError(`The token_command '${program}' can't be used: ${cause.message}.`, { cause, hint: hintOf(cause) });
  }
}

function hintOf(cause: CoprError): string | undefined {
  if (!(cause instanceof MissingProgramError)) return undefined;
  return "Install it, or name in token_command the program that prints the token, by its whole path where PATH does not lead to it.";
}
