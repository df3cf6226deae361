/** How long a server asks to be left alone, from its header `Retry-After`: seconds or a date. Undefined when it does not say. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | undefined {
  const [text = ""] = [header].flat();
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  const time = /^\s*[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
