import { setTimeout as sleep } from "node:timers/promises";
import { isPassing, Outage } from "../http/outage.ts";
import type { Transport } from "../http/transport.ts";

/** How a server in trouble is borne with. */
export interface PatienceOptions {
  signal?: AbortSignal;
  /** Told once for each row of failures, with the reason. */
  onTrouble?: (reason: string) => void;
  /** How long the frontend may be out of reach before the watch gives up, milliseconds; default half an hour. */
  maxOutageMs?: number;
}

/** Waits while the frontend is out of reach, before it is asked again. */
export class Patience {
  readonly #outage: Outage;
  readonly #transport: Transport;
  readonly #options: PatienceOptions;

  constructor(transport: Transport, options: PatienceOptions) {
    this.#outage = new Outage({ maxOutageMs: options.maxOutageMs });
    this.#transport = transport;
    this.#options = options;
  }

  /** The call's result, or undefined after a wait when the server is in trouble. Other errors are thrown. */
  async guard<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await call();
      this.#outage.end();
      return result;
    } catch (error) {
      // A wrong address never gets better.
      if (!isPassing(error) || !this.#transport.isReached) throw error;
      const { signal, onTrouble } = this.#options;
      const { waitMs, isFirst } = this.#outage.note(error);
      if (isFirst) onTrouble?.(error.message.split("\n", 1)[0] as string);
      await sleep(waitMs, undefined, signal ? { signal } : {});
      return undefined;
    }
  }
}
