import { setFlagsFromString } from "node:v8";

/**
 * For programs that make a few requests and end: the HTTP client's parser is WebAssembly, and optimising it costs
 * three times the CPU of everything else together, without ever paying off. A library must not call this: it is
 * about the whole process, and must come before the first request.
 */
export function tuneForShortRun(): void {
  setFlagsFromString("--liftoff-only");
}
