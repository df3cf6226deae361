/**
 * An address as it may be shown, in logs and messages: without user and password, and without the values of its query, which
 * may be a token or a signature (security: C28).
 */
export function withoutSecrets(url: string): string {
  // The last @ ends the password: it may hold others.
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1")
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^?#]*\?)([^#]*)/i, (_, before: string, query: string) => before + withoutValues(query));
}

const MASK = "***";

function withoutValues(query: string): string {
  const shown = (part: string): string => (part.includes("=") ? part.replace(/=[^]+/, `=${MASK}`) : part && MASK);
  return query.split("&").map(shown).join("&");
}

/** What is shorter is a word of many sentences, and no secret by itself. */
const SHORTEST = 6;

/** What an address keeps to itself: the texts that must not be shown anywhere else, either. */
export function secretsOf(url: string): string[] {
  const [, userinfo = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(url) ?? [];
  const [, query = ""] = /^[a-z][a-z0-9+.-]*:\/\/[^?#]*\?([^#]*)/i.exec(url) ?? [];
  const values = query.split("&").map((part) => part.slice(part.indexOf("=") + 1));
  const texts = [...userinfo.split(":"), ...values].filter((text) => text.length >= SHORTEST);
  return [...new Set(texts.flatMap((text) => [text, decoded(text)]))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
