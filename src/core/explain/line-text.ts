import { cleanText } from "../text/clean-text.ts";

/** A line as it is shown: UTF-8 as far as it is, and no terminal control. Of a line drawn over and over, what was left standing. */
export function decodeLine(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) return text;
  const drawn = text.replace(/\r+$/, "");
  return cleanText(drawn.slice(drawn.lastIndexOf("\r") + 1));
}

/**
 * What programs around a build put before its lines: mock's root.log, BUILDSTDERR of Koji, times of OBS, of services and
 * of copr-backend, Mozilla's and Ninja's count, marks of CI services and of images that are built, what copr-rpmbuild
 * quotes, and CPack, Maven and ant that run rpmbuild.
 */
const prefixes: readonly RegExp[] = [
  /^(?:DEBUG|INFO|WARNING|ERROR|TRACE) [\w.]{1,40}\.py:\d{1,6}: {1,2}/,
  /^BUILDSTDERR: ?/,
  /^\[ {0,8}\d{1,7}(?:\.\d{1,6})?s?\] /,
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?(?: - | |(?=\[))/,
  /^\[\d\d:\d\d:\d\d(?:\.\d{1,6})?\] |^\d\d:\d\d:\d\d(?:[.,]\d{1,6})? /,
  /^\[ {0,3}[A-Z]{3,8}\]\[PID:\d{1,8}\] /,
  /^\[\d{1,6}\/\d{1,6}\] /,
  /^ {0,2}\d{1,3}:\d\d\.\d\d /,
  /^##\[\w{1,20}\]/,
  /^#\d{1,3} \d{1,5}\.\d{1,3} /,
  /^(?:stderr|stdout): /,
  // CTest, of the output of a test.
  /^\d{1,4}: (?!curl#)(?=\S)/,
  /^CPackRPM:(?:Debug|Error): {1,2}/,
  /^ {0,20}\[(?:INFO|exec|rpm)\] {1,2}(?=Executing\(%|\+ |[Ee]rror: |RPM build |Processing files|Building target|Bad exit| {4}\S|\/\S{1,200}: )/,
];

/** French puts them before its colons. */
const hardSpaces = /[\u00a0\u202f]/;

/** The line without what was put before it. Most lines have nothing before them, and begin with none of these. */
export function withoutPrefixes(text: string): string {
  let rest = hardSpaces.test(text) ? text.replaceAll(/[\u00a0\u202f]/g, " ") : text;
  for (let round = 0; round < 4 && /^[[CDIWETB\d#s ]/.test(rest); round += 1) {
    const prefix = prefixes.find((pattern) => pattern.test(rest));
    if (prefix === undefined) return rest;
    rest = rest.replace(prefix, "");
  }
  return rest;
}

/** The time a line carries, in seconds since some moment that is the same for its whole log; null where it has none. */
export function secondsOf(text: string): number | null {
  const relative = /^\[ {0,8}(\d{1,7}(?:\.\d{1,6})?)s?\] /.exec(text)?.[1];
  if (relative !== undefined) return Number(relative);
  const absolute = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)/.exec(text);
  return absolute === null ? null : Date.parse(`${absolute[1]}T${absolute[2]}Z`) / 1000;
}
