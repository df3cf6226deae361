/** The local time as `HH:MM:SS`. */
export function clockTime(): string {
  return new Date().toTimeString().slice(0, 8);
}
