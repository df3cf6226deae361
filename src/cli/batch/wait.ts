import type { Build } from "../../core/api/index.ts";
import { type BuildRecord, buildRecord } from "../../core/builds/build-record.ts";
import { BuildError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { waitForBuilds, type WaitingOptions } from "../waiting/wait.ts";
import type { BatchOutput } from "./output.ts";

/** Waits for the builds of a batch, once or several times, and tells of them as every command does that waits. */
export class BatchWait {
  readonly #context: Context;
  readonly #output: BatchOutput;
  readonly #options: WaitingOptions & { nowait?: boolean };
  readonly #coprUrl: string;
  readonly #records = new Map<number, BuildRecord>();

  constructor(context: Context, output: BatchOutput, options: WaitingOptions & { nowait?: boolean; coprUrl: string }) {
    this.#context = context;
    this.#output = output;
    this.#options = options;
    this.#coprUrl = options.coprUrl;
  }

  /** Takes note of a build that is there. */
  made(build: Build): void {
    this.#records.set(build.id, buildRecord(this.#coprUrl, build));
  }

  /** Waits until builds are finished, unless nobody wants that; gives the error if not all ended well. */
  async until(ids: readonly number[]): Promise<BuildError | undefined> {
    if (this.#options.nowait) return undefined;
    try {
      // In JSON there is one document, at the end of all.
      if (this.#output.format === "json") await this.#follow(ids);
      else await waitForBuilds(this.#context, this.#output, ids, this.#options);
      return undefined;
    } catch (error) {
      if (error instanceof BuildError) return error;
      throw error;
    }
  }

  /** Prints the document, in JSON. */
  end(): void {
    if (this.#output.format === "json") this.#output.document("builds", [...this.#records.values()]);
  }

  async #follow(ids: readonly number[]): Promise<void> {
    const { followAsData } = await import("../waiting/watch-data.ts");
    await followAsData(this.#context, this.#output, {
      ids,
      intervalMs: (this.#options.pollInterval ?? 30) * 1000,
      take: (records) => records.forEach((record) => this.#records.set(record.id, record)),
    });
  }
}
