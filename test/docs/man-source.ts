import { escapeLiteral } from "../../scripts/docs/roff.ts";

/** Text of a section, without its title. */
export function section(source: string, title: string): string {
  return partAfter(source, `.SH "${title}"\n`, "\n.SH ");
}

/** Text of a part of a section, without its title. */
export function subsection(section: string, title: string): string {
  return partAfter(section, `.SS "${escapeLiteral(title)}"\n`, "\n.SS ");
}

function partAfter(text: string, start: string, end: string): string {
  return `${text}${end}`.split(start)[1]?.split(end)[0] ?? "";
}
