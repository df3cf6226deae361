import { AuthenticationError, ConfigurationError, CoprError, RequestError } from "../errors.ts";

/**
 * Whether an error means that nobody is let in with these credentials, whatever is asked for: the token is void, its program tells
 * none, there is no ticket. That a user may not do one thing is another matter.
 */
export function isAccountRefused(error: unknown): boolean {
  if (error instanceof RequestError) return error.status === 401;
  // 403 is what a user may not do, but for servers that say so of a void token.
  if (error instanceof AuthenticationError) return error.status !== 403 || error.message.startsWith("Login invalid/expired");
  return error instanceof ConfigurationError;
}

/** What becomes of the rest of many things then. */
export function notTried(): CoprError {
  return new CoprError("Not tried: the account is refused");
}
