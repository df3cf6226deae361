/**
 * For programs that make a few requests and end: the HTTP client's parser is WebAssembly, and Node 20 optimises it at once,
 * for three times the CPU of everything else together, without that ever paying off. Later ones wait until it would. A
 * library must not call this: it is about the whole process, and must come before the first request.
 */
export function tuneForShortRun(): void {
  if (process.versions.node.startsWith("20.")) process.getBuiltinModule("node:v8").setFlagsFromString("--liftoff-only");
}
