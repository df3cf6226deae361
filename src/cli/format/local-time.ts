/** `2026-11-28 14:02`, in the user's own time. */
export function localTime(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
