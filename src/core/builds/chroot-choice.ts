import type { BuildState } from "../api/types.ts";
import { UsageError } from "../errors.ts";

/** Which chroots of builds are wanted. Absent means any. */
export interface ChrootChoice {
  /** Those in which the build failed. */
  failed?: boolean | undefined;
  /** Names, or glob patterns. */
  chroots?: readonly string[] | undefined;
}

/** A chroot that is not built in, and why: `it is not enabled`. */
export interface LeftOutChroot {
  chroot: string;
  reason: string;
}

/** A chroot that something was built in. */
interface BuiltChroot {
  name: string;
  state: BuildState;
}

/** What was chosen. */
interface ChosenChroots {
  chroots: string[];
  leftOut: LeftOutChroot[];
}

/** Tells whether a name matches one of some patterns. */
export async function anyMatcher(patterns: readonly string[]): Promise<(name: string) => boolean> {
  const { globMatcher } = await import("../text/glob.ts");
  const matchers = patterns.map(globMatcher);
  return (name) => matchers.some((matches) => matches(name));
}

/**
 * Chooses among the chroots that something was built in, of which the project may have disabled some. A pattern means those
 * alone; a whole name may also be that of a chroot the project has got since. Throws UsageError for a pattern that nothing
 * matches, naming what there is.
 *
 * @param what what was built, for the error: `build 17`
 */
export async function chooseChroots(
  what: string,
  built: readonly BuiltChroot[],
  enabled: readonly string[],
  { failed = false, chroots: patterns }: ChrootChoice,
): Promise<ChosenChroots> {
  const names = built.map(({ name }) => name);
  const added = failed ? [] : enabled.filter((name) => patterns?.includes(name) && !names.includes(name));
  await requireMatches(what, patterns ?? [], [...new Set([...names, ...(failed ? [] : enabled)])], [...names, ...added]);
  const isNamed = patterns === undefined ? () => true : await anyMatcher(patterns);
  const wanted = built.filter(({ name, state }) => isNamed(name) && (!failed || state === "failed")).map(({ name }) => name);
  return onlyEnabled([...wanted, ...added], enabled);
}

/** Leaves out what a project has disabled: the frontend refuses a build in it. */
export function onlyEnabled(names: readonly string[], enabled: readonly string[]): ChosenChroots {
  const disabled = names.filter((name) => !enabled.includes(name));
  return {
    chroots: names.filter((name) => enabled.includes(name)),
    leftOut: disabled.map((chroot) => ({ chroot, reason: "it is not enabled in the project" })),
  };
}

/**
 * Throws UsageError for the first pattern that matches none of the names.
 *
 * @param there what the error says that there is
 */
export async function requireMatches(
  what: string,
  patterns: readonly string[],
  there: readonly string[],
  names: readonly string[] = there,
  kind = "chroot",
): Promise<void> {
  for (const pattern of patterns) {
    const matches = await anyMatcher([pattern]);
    if (names.some(matches)) continue;
    throw new UsageError(`No ${kind} of ${what} matches '${pattern}'`, { hint: `There are: ${fewOf(there)}.` });
  }
}

const MOST_NAMES = 20;

function fewOf(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
