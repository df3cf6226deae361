/**
 * Whether a shell pattern fits the whole of a name, as Python's fnmatch sees it: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`,
 * and no meaning of `/`, `\` or a leading dot. Takes no more time than the product of the two lengths.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  const parts = partsOf(pattern);
  const characters = [...name];
  let part = 0;
  let retry: { part: number; at: number } | undefined;
  for (let at = 0; at < characters.length || part < parts.length; ) {
    const wanted = parts[part];
    if (wanted === "any") {
      part += 1;
      retry = { part, at };
    } else if (at < characters.length && wanted?.(characters[at] as string)) {
      part += 1;
      at += 1;
    } else if (retry && retry.at < characters.length) {
      retry.at += 1;
      ({ part, at } = retry);
    } else return false;
  }
  return true;
}

type Part = "any" | ((character: string) => boolean);

function partsOf(pattern: string): Part[] {
  const found = pattern.matchAll(/\*|\?|\[(?:(!)|(?!!))(\][^\]]*|[^\]]+)\]|([^])/gu);
  return [...found].map(([whole, not, members, character]): Part => {
    if (whole === "*") return "any";
    if (whole === "?") return () => true;
    if (members === undefined) return (one) => one === character;
    return (one) => hasMember(members, one) !== (not === "!");
  });
}

/** Whether a character is in the inside of brackets, such as `a-z_`. */
function hasMember(members: string, one: string): boolean {
  for (const [, from = "", to = from] of members.matchAll(/([^])(?:-([^]))?/gu)) if (from <= one && one <= to) return true;
  return false;
}
