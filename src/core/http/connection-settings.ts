import { CoprError, describeFileError } from "../errors.ts";
import { readInput } from "../files/input.ts";
import { knowPasswordOf } from "../text/known-secrets.ts";

/** Variables of the environment, ours as a rule. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that Python's requests, and curl, look at, in the order in which they count. */
const certificateVariables = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"] as const;

/** Which variable names the file with the authorities to trust; undefined where Node's own list does. */
export function certificateVariable(environment: Environment): string | undefined {
  return certificateVariables.find((name) => environment[name]);
}

/** Systems come with a quarter of a megabyte. */
const MAX_CERTIFICATES_BYTES = 16 * 1024 * 1024;

/** The certificates that the environment names. Throws CoprError when they can't be read. */
export async function certificateAuthorities(environment: Environment): Promise<{ ca?: Buffer }> {
  const path = environment[certificateVariable(environment) ?? ""];
  if (!path) return {};
  try {
    return { ca: await readInput(path, MAX_CERTIFICATES_BYTES) };
  } catch (cause) {
    throw new CoprError(`Cannot read the certificates in '${path}': ${describeFileError(cause)}`, {
      cause,
      hint: "See REQUESTS_CA_BUNDLE and SSL_CERT_FILE.",
    });
  }
}

/** The proxies that the environment names; upper case works as well as lower. */
export interface Proxies {
  httpProxy?: string;
  httpsProxy?: string;
  noProxy?: string;
}

/** Undefined where there are none. */
export function proxiesOf(environment: Environment): Proxies | undefined {
  const value = (name: string): string | undefined => environment[name] || environment[name.toUpperCase()] || undefined;
  const all = value("all_proxy");
  const httpProxy = value("http_proxy") ?? all;
  const httpsProxy = value("https_proxy") ?? all;
  if (!httpProxy && !httpsProxy) return undefined;
  for (const proxy of [httpProxy, httpsProxy]) if (proxy !== undefined) knowPasswordOf(proxy);
  const noProxy = value("no_proxy");
  return {
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}

/** The proxy that requests to an address go through, as undici decides; undefined when they go there at once. */
export function proxyFor(url: string, environment: Environment): string | undefined {
  const { httpProxy, httpsProxy, noProxy = "" } = proxiesOf(environment) ?? {};
  const { protocol, hostname, port } = new URL(url);
  const actualPort = port || (protocol === "https:" ? "443" : "80");
  const isException = noProxy.split(/[,\s]/).some((exception) => {
    const [, host = "", onlyPort = actualPort] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? [];
    return host !== "" && onlyPort === actualPort && (host === "*" || hostname === host || hostname.endsWith(`.${host}`));
  });
  if (isException) return undefined;
  return protocol === "https:" ? (httpsProxy ?? httpProxy) : httpProxy;
}
