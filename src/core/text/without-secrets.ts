/**
 * An address as it may be shown, in logs and messages: without user and password, and without the values of its query and of
 * its fragment, which may be a token or a signature (security: C28).
 */
export function withoutSecrets(url: string): string {
  // The last @ ends the password: it may hold others.
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1")
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^?#]*\?)([^#]*)/i, (_, before: string, query: string) => before + withoutValues(query))
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^#]*#)([^]*)/i, (_, before: string, fragment: string) => before + withoutNamedValues(fragment));
}

/** A text with each address in it as it may be shown. Only for texts that are about addresses, such as the messages of git. */
export function addressesWithoutSecrets(text: string): string {
  return text.replace(ADDRESS, (found) => withoutSecrets(found));
}

/** As programs print one, up to a blank or quote. */
// oxlint-disable-next-line no-control-regex
const ADDRESS = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\u0000- "'<>`]+/gi;

const MASK = "***";

function withoutValues(query: string): string {
  const shown = (part: string): string => (part.includes("=") ? withoutNamedValues(part) : part && MASK);
  return query.split("&").map(shown).join("&");
}

function withoutNamedValues(text: string): string {
  return text
    .split("&")
    .map((part) => part.replace(/=[^]+/, `=${MASK}`))
    .join("&");
}

/** What is shorter is a word of many sentences, and no secret by itself. */
const SHORTEST = 6;

/** What an address keeps to itself: the texts that must not be shown anywhere else, either. */
export function secretsOf(url: string): string[] {
  const [, userinfo = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(url) ?? [];
  const [, query = ""] = /^[a-z][a-z0-9+.-]*:\/\/[^?#]*\?([^#]*)/i.exec(url) ?? [];
  const [, fragment = ""] = /^[a-z][a-z0-9+.-]*:\/\/[^#]*#([^]*)/i.exec(url) ?? [];
  const parts = [...query.split("&"), ...fragment.split("&").filter((part) => part.includes("="))];
  const valueOf = (part: string): string => part.slice(part.indexOf("=") + 1);
  const password = userinfo.includes(":") ? userinfo.slice(userinfo.indexOf(":") + 1) : "";
  // A short one is known by what is around it.
  const isShort = (text: string): boolean => text.length > 0 && text.length < SHORTEST;
  const named = parts.filter((part) => isShort(valueOf(part)) && part.length > SHORTEST);
  const inPlace = isShort(password) ? [...named, `:${password}@`] : named;
  const texts = [...userinfo.split(":"), ...parts.map(valueOf)].filter((text) => text.length >= SHORTEST);
  const header = password === "" ? [] : [Buffer.from(converted(userinfo, decodeURIComponent)).toString("base64")];
  return [...new Set([...texts.flatMap(spellings), ...inPlace, ...header])];
}

/** A text as it stands in an address, what it means, and the other ways to write that in an address. */
function spellings(text: string): string[] {
  const plain = converted(text, decodeURIComponent);
  const encoded = converted(plain, encodeURIComponent);
  return [text, plain, encoded, encoded.replaceAll(/%../g, (one) => one.toLowerCase())];
}

/** The text itself where it can't be converted. */
function converted(text: string, by: (text: string) => string): string {
  try {
    return by(text);
  } catch {
    return text;
  }
}
