import { setIniValues } from "../text/ini.ts";
import { SECTION } from "./config.ts";

/** A user's account at a frontend, as a configuration file has it. */
export interface Account {
  /** Address of the frontend, without a slash at its end. */
  coprUrl: string;
  username: string;
  /** The two halves of the API token. */
  login: string;
  token: string;
  /** Last day of the token, YYYY-MM-DD; undefined when nobody told it. */
  expiration: string | undefined;
}

/** The text of a configuration file with an account in it; everything else stays, comments too. */
export function withAccount(text: string, { coprUrl, username, login, token, expiration }: Account): string {
  // Upstream's client refuses http unless the file says that it is meant.
  const encrypted = /^http:/i.test(coprUrl) ? { encrypted: "no" } : {};
  const changed = setIniValues(text, SECTION, { login, username, token, copr_url: coprUrl, ...encrypted });
  return withExpiration(changed, expiration);
}

/** The same with a new token in it. */
export function updateTokens(text: string, answer: { api_login: string; api_token: string; expiration: string }): string {
  const { api_login: login, api_token: token, expiration } = answer;
  const changed = setIniValues(text, SECTION, { login, token });
  return changed.replace(ANY_EXPIRATION_LINE, (_, start, end) => `${start} ${expiration}${end}`);
}

/** The same without anything that proves who the user is; what is left still names the frontend and its user. */
export function withoutCredentials(text: string): string {
  return withExpiration(setIniValues(text, SECTION, { login: undefined, token: undefined, token_command: undefined }), undefined);
}

const ANY_EXPIRATION_LINE = /^(# expiration date:).*?(\r?)$/gm;

/** A date that is not known leaves no old one. */
function withExpiration(text: string, date: string | undefined): string {
  if (date === undefined) return text.replace(/^# expiration date:.*(?:\n|$)/gm, "");
  const changed = text.replace(ANY_EXPIRATION_LINE, (_, start, end) => `${start} ${date}${end}`);
  if (/^# expiration date:/m.test(changed)) return changed;
  return `${changed.replace(/\n?$/, "\n")}# expiration date: ${date}\n`;
}
