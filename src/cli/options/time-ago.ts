import { InvalidArgumentError } from "commander";
import { parsePastTime, pastTimeHint } from "../../core/text/past-time.ts";

/** A time in the past as epoch seconds: so long ago (`2d`, `90m`), or a date with or without its time. */
export function timeAgo(text: string): number {
  const time = parsePastTime(text);
  if (time === undefined) throw new InvalidArgumentError(pastTimeHint);
  return time;
}
