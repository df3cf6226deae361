const DAY_MS = 86_400_000;

/** The last line of the file that the page `/api/` of a frontend shows; upstream's client renews the date, too. */
const EXPIRATION_LINE = /^[ \t]*[#;][ \t]*expiration date:[ \t]*(\d{4}-\d{2}-\d{2})\b/gim;

/** Days before the end of a token from which on people are warned of it. */
export const WARNING_DAYS = 14;

/** The last day of the token in a configuration file, YYYY-MM-DD, as its comment tells; undefined when it does not. */
export function expirationIn(text: string): string | undefined {
  const date = [...text.matchAll(EXPIRATION_LINE)].at(-1)?.[1];
  return date === undefined || Number.isNaN(Date.parse(date)) ? undefined : date;
}

/**
 * Whole days from today to the last day of a token, on which the frontend still accepts it; negative when that is over. Days
 * are those of UTC, which the clocks of servers show.
 */
export function daysUntil(date: string, now = Date.now()): number {
  return Math.round(Date.parse(date) / DAY_MS) - Math.floor(now / DAY_MS);
}

/** A span of days for people, as it follows a date. */
export function describeDays(days: number): string {
  if (days < 0) return days === -1 ? "yesterday" : `${-days} days ago`;
  if (days === 0) return "today";
  return days === 1 ? "tomorrow" : `in ${days} days`;
}
