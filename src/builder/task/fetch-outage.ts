import { RequestError } from "../../core/errors.ts";
import { isConnectionError } from "../../core/http/connection-errors.ts";
import { LateAnswerError } from "../../core/http/fetch-file.ts";
import { TaskError } from "../errors.ts";

/** What can be told of a server that does not give what is asked for: who it is, and since when. */
export class FetchOutage {
  readonly #who: string;
  readonly #onRetry: (attempt: number, reason: string) => void;
  #since: Date | undefined;
  #failures = 0;

  /** @param who the server's part, such as `frontend`; `onRetry` is told each failure that is tried again */
  constructor(who: string, onRetry: (attempt: number, reason: string) => void) {
    this.#who = who;
    this.#onRetry = onRetry;
  }

  /** Something else is asked for. */
  begin(): void {
    this.#since = undefined;
    this.#failures = 0;
  }

  readonly onRetry = (attempt: number, reason: string): void => {
    this.#since ??= new Date();
    this.#failures += 1;
    this.#onRetry(attempt, reason);
  };

  /** The error of a fetch of the address that was given up: with the server's name, and since when it failed, if it is down. */
  named(error: unknown, url: string): unknown {
    if (!(error instanceof RequestError) || !isDown(error)) return error;
    const since = (this.#since ?? new Date()).toISOString().slice(0, 19).replace("T", " ");
    const requests = this.#failures === 0 ? "" : `, for ${this.#failures + 1} requests`;
    const { host = new URL(url).host } = error;
    // Where one has sent the request on, it is another that is down.
    const who = error.host === undefined ? this.#who : "server";
    const outage = `the ${who} ${host} has been down since ${since} UTC${requests}`;
    return new TaskError(`${error.message}; ${outage}`, { cause: error });
  }
}

/** No answer, or one that says that the server can't do its work. */
function isDown({ status, cause }: RequestError): boolean {
  if (status === 0) return isConnectionError(cause) || cause instanceof LateAnswerError;
  return status >= 500 || status === 429 || status === 408;
}
