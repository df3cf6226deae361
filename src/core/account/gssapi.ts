import { createRequire } from "node:module";
import { join } from "node:path";
import { AuthenticationError } from "../errors.ts";
import { knowSecret } from "../text/known-secrets.ts";

/** A Kerberos ticket for one frontend. */
export interface Ticket {
  /** Proof of the user for the frontend, base64 of a SPNEGO token. */
  token: string;
  /** Checks the frontend's own proof, base64 as well; rejects if it comes from somebody else. */
  verify(proof: string): Promise<void>;
}

/**
 * Gets a ticket for the service `HTTP@<host>` from the user's Kerberos credentials.
 * Throws AuthenticationError, one line, when there are none, or no library that reads them.
 */
export async function getTicket(coprUrl: string, places: readonly string[] = packagePlaces): Promise<Ticket> {
  const kerberos = loadKerberos(places);
  const service = `HTTP@${new URL(coprUrl).hostname}`;
  try {
    const client = await kerberos.initializeClient(service, { mechOID: kerberos.GSS_MECH_OID_SPNEGO });
    const token = await client.step("");
    knowSecret(token);
    return {
      token,
      async verify(proof) {
        await client.step(proof);
        if (!client.contextComplete) throw new Error("the frontend did not prove who it is");
      },
    };
  } catch (error) {
    const reason = await plainReason(kerberos, service, error);
    throw new AuthenticationError(
      `Can not get session for ${coprUrl} cookie via GSSAPI: ${reason}. Please get a Kerberos ticket (kinit), or use the API token (config file).`,
      { cause: error },
    );
  }
}

/** Names, without realm, of the users whose Kerberos credentials are at hand; empty when that can't be known. */
export async function ticketHolders(): Promise<string[]> {
  const { capture } = await import("../process/run.ts");
  const env = { ...process.env, LC_ALL: "C" } as Record<string, string>;
  // All kinds of credential caches, and all caches of a collection, also those with expired tickets.
  const listing = await capture(["klist", "-A"], { env, signal: AbortSignal.timeout(KLIST_TIMEOUT_MS) }).catch(() => undefined);
  if (listing?.exitCode !== 0) return [];
  const principals = listing.stdout.toString().matchAll(/^ *(?:Default p|P)rincipal: (.+)$/gm);
  // As the frontend makes a user's name of a principal.
  return [...principals].map(([, principal = ""]) => principal.replace(/@.*/, "").replaceAll("/", "_"));
}

const KLIST_TIMEOUT_MS = 3000;

/** What we use of the package `kerberos`. */
interface Kerberos {
  initializeClient(service: string, options: { mechOID: number }): Promise<KerberosClient>;
  GSS_MECH_OID_KRB5: number;
  GSS_MECH_OID_SPNEGO: number;
}

interface KerberosClient {
  step(challenge: string): Promise<string>;
  contextComplete: boolean;
}

/** From where `kerberos` is looked for: these programs, then where `npm install --global` puts it. */
const packagePlaces = [import.meta.url, join(process.execPath, "../../lib/"), "/usr/local/lib/"];

/**
 * The package is native code that few users need, so it is no dependency. `require` and not `import`, as it also looks
 * into NODE_PATH. The working directory is no place: it may be a stranger's.
 */
function loadKerberos(places: readonly string[]): Kerberos {
  for (const place of places) {
    const require = createRequire(place);
    let path: string;
    try {
      path = require.resolve("kerberos");
    } catch {
      continue;
    }
    try {
      return require(path) as Kerberos;
    } catch (error) {
      const [reason] = (error as Error).message.split("\n");
      throw new AuthenticationError(
        `The 'kerberos' package (${path}) can't be loaded: ${reason}. Please install it anew (npm install --global kerberos), or use the API token (config file).`,
        { cause: error },
      );
    }
  }
  throw new AuthenticationError(
    "Kerberos (GSSAPI) login needs the 'kerberos' package, which is not installed. Please install it (npm install --global kerberos), or use the API token (config file).",
  );
}

/** SPNEGO does not tell why it has no credentials; plain Kerberos, asked for the same, does. */
async function plainReason(kerberos: Kerberos, service: string, spnegoError: unknown): Promise<string> {
  try {
    const client = await kerberos.initializeClient(service, { mechOID: kerberos.GSS_MECH_OID_KRB5 });
    await client.step("");
    return oneLine(spnegoError);
  } catch (error) {
    return oneLine(error);
  }
}

/** GSSAPI's sentence is general, the mechanism's, behind the colon, names the trouble. */
function oneLine(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").trim();
  return text.replace(/^(?:Unspecified GSS failure\.|No credentials were supplied,)[^:]*: (?=\S)/, "").replace(/\.$/, "");
}
