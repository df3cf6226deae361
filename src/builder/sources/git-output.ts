import { addressesWithoutSecrets } from "../../core/text/without-secrets.ts";
import type { OutputWatcher } from "../task/task-context.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A longer line of git's is none with an address. */
const MAX_LINE_BYTES = 64 * 1024;

/**
 * Lets the output of git into the log line by line, with its addresses as they may be shown: it tells also those that no
 * definition names, of submodules and of where a server has sent it on to.
 */
export class GitOutput implements OutputWatcher {
  #line: Buffer = Buffer.alloc(0);

  push(chunk: Buffer, passOn: (bytes: Buffer) => void): void {
    const bytes = Buffer.concat([this.#line, chunk]);
    const lines = Math.max(bytes.lastIndexOf(LINE_FEED), bytes.lastIndexOf(CARRIAGE_RETURN)) + 1;
    const end = bytes.length - lines > MAX_LINE_BYTES ? bytes.length : lines;
    this.#line = bytes.subarray(end);
    if (end > 0) passOn(shown(bytes.subarray(0, end)));
  }

  end(passOn: (bytes: Buffer) => void): void {
    if (this.#line.length > 0) passOn(shown(this.#line));
    this.#line = Buffer.alloc(0);
  }
}

function shown(bytes: Buffer): Buffer {
  // As Latin-1 each byte is one character, whatever it means.
  return Buffer.from(addressesWithoutSecrets(bytes.toString("latin1")), "latin1");
}
