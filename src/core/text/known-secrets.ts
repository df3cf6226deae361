/** What stands in the place of a secret. */
const MASK = "***";

/** Shorter ones are words of every sentence: to take them out would only make output unreadable. */
const SHORTEST = 6;

/** How the secrets of this process may be spelled in a text, the longest first. */
let spellings: readonly string[] = [];

/**
 * Tells that a text is a secret: from now on it is taken out of whatever this process prints. Whoever reads a token, a
 * password or a cookie calls it at once; what a command is there to print, such as a new webhook secret, is not told.
 */
export function knowSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < SHORTEST) return;
  spellings = [...new Set([...spellings, ...spellingsOf(secret)])].sort((one, other) => other.length - one.length);
}

/** As addresses and forms have it, INI files, and web pages, which differ in how they write quotes; and all that in JSON. */
function spellingsOf(secret: string): string[] {
  const address = encodeURIComponent(secret);
  // Python's libraries leave fewer characters as they are.
  const whole = address.replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  const page = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const ways = [
    secret,
    ...[address, whole].flatMap((way) => [way, way.replace(/%../g, (code) => code.toLowerCase()), way.replaceAll("%20", "+")]),
    encodeURI(secret),
    secret.replaceAll("%", "%%"),
    page.replaceAll('"', "&quot;").replaceAll("'", "&#x27;"),
    page.replaceAll('"', "&#34;").replaceAll("'", "&#39;"),
  ];
  // JSON comes in JSON, too: an answer in an error.
  return ways.flatMap((way) => [way, inJson(way), inJson(inJson(way))]);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Base64 of a secret is as good as the secret; some write it without its end, or for addresses. */
function knowInBase64(secret: string): void {
  const base64 = Buffer.from(secret).toString("base64");
  for (const way of [base64, base64.replace(/=+$/, ""), Buffer.from(secret).toString("base64url")]) knowSecret(way);
}

/**
 * Tells of an API token, and of how it is sent. Its login is half of it, and as secret; who has written a user's name in its
 * place still wants to read that.
 */
export function knowToken(token: string, login = "", username?: string): void {
  knowSecret(token);
  if (login !== username) knowSecret(login);
  if (token.length >= SHORTEST) knowInBase64(token);
  knowInBase64(`${login}:${token}`);
}

/** Passwords that people choose may be words of every sentence up to this length. */
const LONGEST_WORD = 9;

/** Tells of user and password in an address, where there are any: as they stand there, and of a password that is no word by itself. */
export function knowPasswordOf(url: string): void {
  const [, userinfo = "", password = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^:/?#]*:([^/?#]*)@)/i.exec(url) ?? [];
  if (password === "") return;
  knowSecret(userinfo);
  if (password.length > LONGEST_WORD) knowSecret(password);
  knowInBase64(userinfo.slice(0, -1));
}

/** A text without the secrets of this process. Bytes of logs and files do not come here: they are not ours to change. */
export function withoutKnownSecrets(text: string): string {
  let clean = text;
  for (const spelling of spellings) if (clean.includes(spelling)) clean = clean.replaceAll(spelling, MASK);
  return clean;
}
