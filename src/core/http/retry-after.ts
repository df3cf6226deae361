/** Headers of an answer, as the HTTP library gives them. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * How long a server asks to be left alone, from its header `Retry-After`: seconds or a date. Undefined when it does not say. A
 * date is by the server's clock, which `Date` tells; this machine's may be another.
 */
export function retryAfterMs(headers: Headers, now = Date.now()): number | undefined {
  const [text = ""] = [headers["retry-after"]].flat();
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  const time = timeOf(text);
  return time === undefined ? undefined : Math.max(0, time - (timeOf([headers["date"]].flat()[0]) ?? now));
}

/** The moment of an HTTP date, milliseconds of the epoch. */
function timeOf(text = ""): number | undefined {
  const time = /^\s*[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
