import headless from "@xterm/headless";

/** What a terminal shows, as an SVG: text, in the reader's own fonts, in colours for light and dark. */
export interface PictureOptions {
  columns: number;
  /** What the picture shows, for who does not see it. */
  label: string;
  /** Makes what differs from run to run the same, as times and addresses. */
  normalized: (text: string) => string;
}

const CHARACTER = 7.83;
const LINE = 18;
const MARGIN = 16;

/** The first eight colours of a terminal, for a light ground and for a dark one. */
const colors: readonly (readonly [light: string, dark: string])[] = [
  ["#24292f", "#8b949e"],
  ["#b3202c", "#ff7b72"],
  ["#116329", "#7ee787"],
  ["#7d4e00", "#e3b341"],
  ["#0550ae", "#79c0ff"],
  ["#8250df", "#d2a8ff"],
  ["#0b6c75", "#76e3ea"],
  ["#57606a", "#c9d1d9"],
];

/** A stretch of a line in one style; the class is empty for plain text. */
interface Stretch {
  text: string;
  style: string;
}

/** Draws what a terminal of this width shows when it got these bytes. */
export async function terminalPicture(raw: string, { columns, label, normalized }: PictureOptions): Promise<string> {
  const terminal = new headless.Terminal({ cols: columns, rows: 200, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(raw, done));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, at) => stretchesOf(active.getLine(at), columns, normalized));
  while (lines.at(-1)?.length === 0) lines.pop();
  const width = Math.round(2 * MARGIN + columns * CHARACTER);
  const height = 2 * MARGIN + lines.length * LINE;
  const texts = lines.flatMap((line, at) => (line.length === 0 ? [] : [textLine(line, MARGIN + (at + 1) * LINE - 5)]));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">
<style>
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#24292f;white-space:pre}
rect{fill:#f6f8fa;stroke:#d0d7de}
${colors.map(([light], at) => `.c${at}{fill:${light}}`).join("")}.b{font-weight:700}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#0d1117;stroke:#30363d}${colors.map(([, dark], at) => `.c${at}{fill:${dark}}`).join("")}}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join("\n")}
</svg>
`;
}

function stretchesOf(line: headless.IBufferLine | undefined, columns: number, normalized: (text: string) => string): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = 0; line !== undefined && at < columns; at += 1) {
    const cell = line.getCell(at);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const color = cell.isFgPalette() ? `c${cell.getFgColor() % 8}` : "";
    const style = [color, cell.isBold() ? "b" : ""].filter(Boolean).join(" ");
    const last = stretches.at(-1);
    if (last?.style === style) last.text += cell.getChars() || " ";
    else stretches.push({ text: cell.getChars() || " ", style });
  }
  const end = stretches.at(-1);
  if (end) end.text = end.text.trimEnd();
  return stretches.map(({ text, style }) => ({ text: normalized(text), style })).filter(({ text }) => text !== "");
}

function textLine(line: readonly Stretch[], y: number): string {
  const spans = line.map(({ text, style }) => (style === "" ? escaped(text) : `<tspan class="${style}">${escaped(text)}</tspan>`));
  return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.join("")}</text>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}
