import { authCheck } from "../api/general.ts";
import { AuthenticationError, RequestError, ResponseError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";

/**
 * Asks a frontend whose credentials these are; resolves to the user's name. Throws AuthenticationError when it does not
 * accept them, whatever status it says that with, RequestError when it can't be asked, and ResponseError for an answer that
 * names nobody.
 *
 * @param advice what to do about credentials that are not accepted
 */
export async function checkAccount(transport: Transport, advice = "copr-cli login gets a new one."): Promise<string> {
  let answer: { name?: unknown };
  try {
    answer = await authCheck(transport);
  } catch (error) {
    // Pages of web servers before the frontend say nothing of the token.
    if (!(error instanceof RequestError) || error.status !== 401 || error.isUnreadable) throw error;
    throw new AuthenticationError(`${transport.coprUrl} does not accept the API token: it is wrong, void or has expired.`, {
      status: error.status,
      cause: error,
      hint: advice,
    });
  }
  const { name } = answer;
  if (typeof name !== "string" || name === "" || /[\r\n]/.test(name)) {
    throw new ResponseError(`${transport.coprUrl} does not say whose API token this is.`);
  }
  return name;
}
