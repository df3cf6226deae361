import { cleanText } from "../../core/text/clean-text.ts";
import type { Ending } from "./failures.ts";

/** GitHub throws a step's summary away that is longer than 1 MiB; other programs may have written to it, too. */
const MAX_BYTES = 512 * 1024;

/** Builds and chroots with their states and causes, as Markdown: a heading and a table. */
export function markdownSummary(endings: readonly Ending[]): string {
  const head = `### Copr: ${countStates(endings)}\n\n| Build | Package | Chroot | State | Cause |\n| --- | --- | --- | --- | --- |\n`;
  const rows: string[] = [];
  let room = MAX_BYTES - head.length;
  for (const row of endings.flatMap(rowsOf)) {
    room -= Buffer.byteLength(row);
    if (room < 0) break;
    rows.push(row);
  }
  const left = endings.flatMap(rowsOf).length - rows.length;
  return `${head}${rows.join("")}${left > 0 ? `\n${left} more are not shown.\n` : ""}\n`;
}

function countStates(endings: readonly Ending[]): string {
  const counts = new Map<string, number>();
  for (const { build } of endings) counts.set(build.state, (counts.get(build.state) ?? 0) + 1);
  const all = [...counts].map(([state, count]) => `${count} ${escapeMarkdown(state)}`).join(", ");
  return `${endings.length} ${endings.length === 1 ? "build" : "builds"}${all === "" ? "" : `, ${all}`}`;
}

function rowsOf({ build, failures }: Ending): string[] {
  const head = `| ${link(String(build.id), build.url)} | ${escapeMarkdown([build.package, build.version].filter(Boolean).join("-"))} |`;
  const known = new Set(build.chroots.map(({ name }) => name));
  const outside = failures
    .filter(({ chroot }) => !known.has(chroot))
    .map(({ chroot }) => ({ name: chroot, state: "failed", log_url: null }));
  return [...outside, ...build.chroots].map(({ name, state, log_url: log }) => {
    const found = failures.find(({ chroot }) => chroot === name);
    const { category, lines = [], advice } = found?.cause ?? {};
    const why = [category, lines[0]?.text.slice(0, 300)].filter(Boolean).map((text) => escapeMarkdown(text as string));
    const cause = [why.join(": "), advice ? escapeMarkdown(advice) : "", found && log ? link("log", log) : ""].filter(Boolean).join("<br>");
    return `${head} ${escapeMarkdown(name)} | ${escapeMarkdown(state)} | ${cause} |\n`;
  });
}

/** Text that is no markup, no address, no cell of its own, and on one line. */
export function escapeMarkdown(text: string): string {
  return cleanText(text)
    .replace(/[\p{Cf}]/gu, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[!-+./:-@[-`{-~]/g, (sign) => ("|<>&".includes(sign) ? `&#${sign.charCodeAt(0)};` : `\\${sign}`));
}

/** An address of the frontend becomes a link if it is one, and stays in its place. */
function link(text: string, address: string): string {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return escapeMarkdown(text);
  const { href } = new URL(address);
  return `[${escapeMarkdown(text)}](${href.replace(/[^\w:/.?=&@%~+-]/g, (character) => encodeURIComponent(character).replace(/[!'()*|]/g, percent))})`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
