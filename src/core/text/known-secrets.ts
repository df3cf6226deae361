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
  const ways = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), secret.replaceAll("%", "%%")];
  spellings = [...new Set([...spellings, ...ways])].sort((one, other) => other.length - one.length);
}

/**
 * Tells of an API token, and of how it is sent. Its login is half of it, and as secret; who has written a user's name in its
 * place still wants to read that.
 */
export function knowToken(token: string, login = "", username?: string): void {
  knowSecret(token);
  if (login !== username) knowSecret(login);
  knowSecret(Buffer.from(`${login}:${token}`).toString("base64"));
}

/** Passwords that people choose may be words of every sentence up to this length. */
const LONGEST_WORD = 9;

/** Tells of user and password in an address, where there are any: as they stand there, and of a password that is no word by itself. */
export function knowPasswordOf(url: string): void {
  const [, userinfo = "", password = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^:/?#]*:([^/?#]*)@)/i.exec(url) ?? [];
  if (password === "") return;
  knowSecret(userinfo);
  if (password.length > LONGEST_WORD) knowSecret(password);
  knowSecret(Buffer.from(userinfo.slice(0, -1)).toString("base64"));
}

/** A text without the secrets of this process. Bytes of logs and files do not come here: they are not ours to change. */
export function withoutKnownSecrets(text: string): string {
  let clean = text;
  for (const spelling of spellings) if (clean.includes(spelling)) clean = clean.replaceAll(spelling, MASK);
  return clean;
}
