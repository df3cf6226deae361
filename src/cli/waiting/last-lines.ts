import type { BuildRecord } from "../../core/builds/build-record.ts";
import { followLog } from "../../core/builds/logs.ts";
import { RequestBudget } from "../../core/http/request-budget.ts";
import type { Transport } from "../../core/http/transport.ts";

/** More logs than these are not followed: a request now and then for each is enough for a server. */
const MOST_LOGS = 8;
const PACE = { leastMs: 2000, mostMs: 10_000 };
const MAX_KEPT = 4096;

/** The last line of each log that grows just now. */
export class LastLines {
  /** By `build/chroot`. */
  readonly lines = new Map<string, string>();
  readonly #transport: Transport;
  readonly #followed = new Set<string>();
  readonly #budget = new RequestBudget({ everyMs: 1000, burst: MOST_LOGS });
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;

  constructor(transport: Transport, interrupted: AbortSignal) {
    this.#transport = transport;
    this.#signal = AbortSignal.any([interrupted, this.#end.signal]);
  }

  /** Begins to follow the logs of chroots that run now. */
  follow(builds: readonly BuildRecord[]): void {
    for (const { id, chroots } of builds) {
      for (const { name, state, result_url: url } of chroots) {
        const key = `${id}/${name}`;
        if (state !== "running" || url === null || this.#followed.has(key) || this.#followed.size >= MOST_LOGS) continue;
        this.#followed.add(key);
        // A log that can't be had is no reason to stop the watch.
        void this.#read(key, id, name).catch(() => undefined);
      }
    }
  }

  end(): void {
    this.#end.abort();
  }

  async #read(key: string, buildId: number, chroot: string): Promise<void> {
    let open = "";
    const signal = this.#signal;
    const request = { buildId, chroot, follow: true, tailLines: 1, pace: PACE, budget: this.#budget, stateIntervalMs: 30_000, signal };
    try {
      for await (const event of followLog(this.#transport, request)) {
        if (event.kind !== "bytes") continue;
        const lines = `${open}${event.bytes.toString()}`.split(/[\r\n]/);
        open = (lines.at(-1) ?? "").slice(-MAX_KEPT);
        const last = lines.toReversed().find((line) => line.trim() !== "");
        if (last !== undefined) this.lines.set(key, last.slice(0, MAX_KEPT));
      }
    } finally {
      this.#followed.delete(key);
    }
  }
}
