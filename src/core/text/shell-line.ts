/** A command line as a person would type it into a shell: what a shell would take apart or expand is quoted. */
export function shellLine(argv: readonly string[]): string {
  return argv.map((word) => (/^(?!~)[\w@%+=:,./^~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}
