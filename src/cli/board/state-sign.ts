/** Signs for states, for terminals that know more than ASCII and those that don't. */
const signs: Readonly<Record<string, readonly [string, string]>> = {
  succeeded: ["✔", "+"],
  forked: ["✔", "+"],
  skipped: ["–", "-"],
  failed: ["✘", "x"],
  canceled: ["⊘", "/"],
  running: ["●", "*"],
  starting: ["●", "*"],
  importing: ["◷", "."],
  pending: ["◷", "."],
  waiting: ["◷", "."],
};

/** A sign for a state. */
export function stateSign(state: string, isUnicode: boolean): string {
  const [fine, plain] = signs[state] ?? ["?", "?"];
  return isUnicode ? fine : plain;
}

/** Whether the user's locale has more characters than ASCII. */
export function hasUnicode({ LC_ALL, LC_CTYPE, LANG }: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
