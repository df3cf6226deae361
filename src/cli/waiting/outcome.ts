import { BuildError } from "../../core/errors.ts";

/** Which builds did not end well. */
export class Outcome {
  readonly #failed: number[] = [];
  readonly #canceled: number[] = [];

  /** Counts a build's state, if it is one of these. */
  add(id: number, state: string): void {
    if (state === "failed") this.#failed.push(id);
    if (state === "canceled") this.#canceled.push(id);
  }

  /** Throws BuildError unless all ended well. */
  rethrow(): void {
    const sentences = [
      this.#failed.length > 0 ? `Build(s) ${this.#failed.join(", ")} failed.` : "",
      this.#canceled.length > 0 ? `Build(s) ${this.#canceled.join(", ")} canceled.` : "",
    ].filter(Boolean);
    if (sentences.length > 0) throw new BuildError(sentences.join(" "), { wasCanceled: this.#failed.length === 0 });
  }
}
