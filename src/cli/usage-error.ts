import { UsageError } from "../core/errors.ts";

/** An error of the command line: the usage text of the command goes before it, as argparse prints them. */
export class CommandUsageError extends UsageError {
  /** `copr create [options] <name>`. */
  readonly usage: string;

  constructor(message: string, usage: string, hint?: string) {
    super(message, { hint });
    this.usage = usage;
  }

  /** The usage up to its first argument: `copr create`. */
  get program(): string {
    return this.usage.replace(/ [[<].*$/s, "");
  }
}
