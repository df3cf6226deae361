import { DEFAULT_URL, httpAddress, SECTION } from "../../core/account/config.ts";
import type { ConfigFile } from "../../core/account/config-file.ts";
import type { ConfigPlace, Environment } from "../../core/account/config-place.ts";
import { UsageError } from "../../core/errors.ts";
import { parseIni } from "../../core/text/ini.ts";

/** Which Copr a login is for, before the token is there. */
export interface LoginAddress {
  /** Undefined when only the block can tell it. */
  url: string | undefined;
  /** Somebody has said so: a block of another Copr does not belong there. */
  isFixed: boolean;
}

/** What an option says goes before COPR_URL, that before the file that is there, and that before Fedora's. */
export function loginAddress(option: string | undefined, environment: Environment, file: ConfigFile, place: ConfigPlace): LoginAddress {
  if (option !== undefined) return { url: httpAddress(option, "--url"), isFixed: true };
  if (environment["COPR_URL"]) return { url: httpAddress(environment["COPR_URL"], "COPR_URL"), isFixed: true };
  const known = file.exists ? parseIni(file.text, { source: file.path }).get(SECTION, "copr_url") : undefined;
  if (known) return { url: httpAddress(known, `'copr_url' in ${file.path}`), isFixed: true };
  return { url: place.named === undefined ? DEFAULT_URL : undefined, isFixed: false };
}

/** The address for a token that says where it comes from. Throws UsageError when that is another Copr, or none is known. */
export function addressFor(blockUrl: string | undefined, { url, isFixed }: LoginAddress): string {
  if (blockUrl !== undefined && isFixed && new URL(blockUrl).host !== new URL(url as string).host) {
    throw new UsageError(`The block is of ${blockUrl}, and not of ${url}`, {
      hint: "--instance NAME keeps the login at another Copr in a file of its own.",
    });
  }
  return knownAddress({ url: isFixed ? url : (blockUrl ?? url), isFixed });
}

/** Throws UsageError when it is not known. */
export function knownAddress({ url }: LoginAddress): string {
  if (url === undefined) throw new UsageError("Say which Copr this is about: --url ADDRESS");
  return url;
}
