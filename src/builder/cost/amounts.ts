const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A number of bytes for people, such as `7.6 GiB`. */
export function bytesText(bytes: number): string {
  const unit = unitOf(bytes);
  return `${inUnit(bytes, unit)} ${UNITS[unit]}`;
}

/** A number of bytes out of another, in the unit of the other, such as `7.6 of 8 GiB`. */
export function bytesOf(bytes: number, all: number): string {
  const unit = unitOf(all);
  const part = inUnit(bytes, unit);
  // Next to nothing of it is not nothing.
  return part === "0" && bytes > 0 ? `${bytesText(bytes)} of ${bytesText(all)}` : `${part} of ${bytesText(all)}`;
}

function unitOf(bytes: number): number {
  // 1023.96 would be written as 1024.
  const unit = UNITS.findIndex((_, at) => bytes < 1023.95 * 1024 ** at);
  return unit < 0 ? UNITS.length - 1 : unit;
}

function inUnit(bytes: number, unit: number): string {
  const value = bytes / 1024 ** unit;
  return String(value < 99.95 ? Math.round(value * 10) / 10 : Math.round(value));
}

/** Seconds for people, such as `0.3 s` or `1:02:03`. */
export function secondsText(seconds: number): string {
  if (seconds < 59.95) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const twoDigits = (number: number): string => String(number).padStart(2, "0");
  return hours === 0 ? `${minutes}:${twoDigits(rest)}` : `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}`;
}

/** Bytes of a text such as `8 GiB`, `8G` or `512 MiB`; units are powers of 1024, as systemd has them. Undefined where it is none. */
export function parseBytes(text: string): number | undefined {
  const [, number, letter] = /^(\d{1,15}(?:\.\d{1,3})?) ?(?:([KMGT])(?:i?B)?|B)?$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  return Math.round(Number(number) * 1024 ** (letter === undefined ? 0 : "BKMGT".indexOf(letter)));
}
