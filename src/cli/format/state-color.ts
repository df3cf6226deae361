import { cleanLine } from "../../core/text/clean-text.ts";

/** A build state, coloured as upstream colours it: users' eyes and the recorded tests know these sequences. */
export function colorState(state: string, hasColor: boolean): string {
  const text = cleanLine(state);
  return hasColor ? `\u001b[${colors[text] ?? 39}m${text}\u001b[0m` : text;
}

const colors: Readonly<Record<string, number>> = {
  importing: 34,
  pending: 34,
  starting: 33,
  running: 33,
  succeeded: 32,
  forked: 32,
  skipped: 32,
  failed: 31,
};
