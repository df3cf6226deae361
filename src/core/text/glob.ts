import picomatch from "picomatch";

/** Tells whether a name matches a shell's pattern; a name that begins with a dot is one like any other. */
export function globMatcher(pattern: string): (name: string) => boolean {
  return picomatch(pattern, { dot: true, bash: true });
}
