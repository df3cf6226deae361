/** A Markdown text with something new between its markers of this name, `<!-- name:begin -->`; undefined when it has none. */
export function between(text: string, name: string, content: string): string | undefined {
  const [beginMarker, endMarker] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const begin = text.indexOf(beginMarker);
  const end = text.indexOf(endMarker);
  if (begin < 0 || end < begin) return undefined;
  return `${text.slice(0, begin + beginMarker.length)}\n\n${content}\n\n${text.slice(end)}`;
}
