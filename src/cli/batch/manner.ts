import type { BatchManner, Journal } from "../../core/batch/journal.ts";
import { UsageError } from "../../core/errors.ts";
import type { BatchOptions } from "./options.ts";

/** Of the options those that decide what is built: a package for another chroot, or with network, is another build. */
const deciding = {
  chroot: "--chroot",
  excludeChroot: "--exclude-chroot",
  enableNet: "--enable-net",
  isolation: "--isolation",
  bootstrap: "--bootstrap",
} as const satisfies Partial<Record<keyof BatchOptions, string>>;

/** The manner in which options would have a batch built. */
export function mannerOf(options: BatchOptions): BatchManner {
  const given = Object.entries(deciding).flatMap(([name, option]): [string, string[]][] => {
    const value = options[name as keyof typeof deciding];
    return value === undefined ? [] : [[option, [...new Set([value].flat())].toSorted()]];
  });
  return Object.fromEntries(given);
}

/** Throws UsageError for a batch that was begun in another manner: its builds are not those that are wanted now. */
export function refuseOtherManner({ manner: before, size }: Journal, now: BatchManner): void {
  const differing = Object.values(deciding).filter((option) => wordsOf(before, option) !== wordsOf(now, option));
  if (size === 0 || differing.length === 0) return;
  const differences = differing.map((option) => `${option} was ${wordsOf(before, option)} and is ${wordsOf(now, option)}`);
  throw new UsageError(`This batch was begun in another manner, and can't be gone on with: ${differences.join("; ")}.`, {
    hint: "Give the options of then, or leave out --resume to submit all of it anew.",
  });
}

function wordsOf(manner: BatchManner, option: string): string {
  return manner[option]?.join(" ") ?? "not given";
}
