const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 7 * 86_400 };

/** How a time in the past is to be typed. */
export const pastTimeHint = "It is no time: say how long ago, as 2d or 12h, or a date, as 2026-11-28.";

/** Reads a time in the past, as epoch seconds: so long ago (`2d`, `90m`), or a date with or without its time; undefined for what is none. */
export function parsePastTime(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return Math.floor(Date.now() / 1000) - Number(amount) * (seconds[unit as string] as number);
  // A date alone is one of the user's own calendar, as everywhere else on a command line.
  const date = /^\d{4}-\d\d-\d\d$/.test(text)
    ? new Date(`${text}T00:00`)
    : /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)
      ? new Date(text)
      : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : Math.floor(date.getTime() / 1000);
}
