import { InvalidArgumentError } from "commander";
import { readTimeAgo } from "../../core/text/time-ago.ts";

/** A time in the past as epoch seconds: so long ago (`2d`, `90m`), or a date with or without its time. */
export function timeAgo(text: string): number {
  const time = readTimeAgo(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError("It is no time: say how long ago, as 2d or 12h, or a date, as 2026-11-28.");
}
