import { DEFAULT_URL, httpAddress, SECTION } from "../../core/account/config.ts";
import type { ConfigFile } from "../../core/account/config-file.ts";
import type { ConfigPlace, Environment } from "../../core/account/config-place.ts";
import { UsageError } from "../../core/errors.ts";
import { parseIni } from "../../core/text/ini.ts";

/** Which Copr a login is for, before the token is there. */
export interface LoginAddress {
  /** Undefined when only the block can tell it. */
  url: string | undefined;
  /** Who says so: the user, for this login; the file that is there; or nobody, and it is Fedora's. */
  source: "user" | "file" | "preset";
}

/** What an option says goes before COPR_URL, that before the file that is there, and that before Fedora's. */
export function loginAddress(option: string | undefined, environment: Environment, file: ConfigFile, place: ConfigPlace): LoginAddress {
  if (option !== undefined) return { url: httpAddress(option, "--url"), source: "user" };
  if (environment["COPR_URL"]) return { url: httpAddress(environment["COPR_URL"], "COPR_URL"), source: "user" };
  const known = file.exists ? parseIni(file.text, { source: file.path }).get(SECTION, "copr_url") : undefined;
  if (known) return { url: httpAddress(known, `'copr_url' in ${file.path}`), source: "file" };
  return { url: place.named === undefined ? DEFAULT_URL : undefined, source: "preset" };
}

/**
 * The address for a token that may say where it comes from: frontends know themselves by one name, and may be reached by
 * another, so the user's word counts. Throws UsageError where the login would take the place of one at another Copr, or none
 * is known.
 */
export function addressFor(blockUrl: string | undefined, address: LoginAddress): string {
  if (blockUrl === undefined || address.source === "user") return knownAddress(address);
  if (address.source === "file" && new URL(blockUrl).host !== new URL(knownAddress(address)).host) {
    throw new UsageError(`The file is for ${address.url}, and the block is of ${blockUrl}`, {
      hint: "--instance NAME keeps the login at another Copr in a file of its own; --url ADDRESS changes this one.",
    });
  }
  return address.source === "file" ? knownAddress(address) : blockUrl;
}

/** Throws UsageError when it is not known. */
export function knownAddress({ url }: LoginAddress): string {
  if (url === undefined) throw new UsageError("Say which Copr this is about: --url ADDRESS");
  return url;
}
