import type { Readable } from "node:stream";
import { CoprError, isOutsideError } from "../errors.ts";
import { connectionError } from "../http/connection-errors.ts";
import { PART } from "../http/resumed-file.ts";
import type { Transport } from "../http/transport.ts";
import { unpack } from "../http/unpacked.ts";
import { withoutSecrets } from "../text/without-secrets.ts";

/**
 * Asks a web server for a directory: the addresses of what is in it, undefined where there is no listing, and the status of the
 * answer. Throws CoprError when the server can't be asked.
 */
export async function askDirectory(
  transport: Transport,
  url: string,
  signal?: AbortSignal,
): Promise<{ status: number; entries: string[] | undefined }> {
  try {
    const { status, headers, body, url: finalUrl } = await transport.get(url, { signal });
    if (status === 200 && isDirectoryListing(headers)) return { status, entries: await readListing(body, finalUrl) };
    body.resume();
    return { status, entries: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    const told = connectionError(error, withoutSecrets(url));
    if (told instanceof CoprError || !isOutsideError(told)) throw told;
    throw new CoprError(`Cannot list ${withoutSecrets(url)}: ${told.message}`, { cause: error });
  }
}

/** Whether an answer can be a listing: result servers send HTML for directories. */
function isDirectoryListing(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return String(headers["content-type"] ?? "").startsWith("text/html");
}

/**
 * Addresses linked from a web server's directory listing (Apache, lighttpd, nginx) that lie directly below it.
 * Sub-directories end in `/`. It may come packed, by servers and proxies that do not ask whether one wants that.
 * Links elsewhere, as to the parent or for sorting, are left out.
 */
async function readListing(body: Readable, url: string): Promise<string[]> {
  const base = new URL("./", url);
  const found = new Set<string>();
  for (const [, quoted, single] of (await textOf(body, url)).matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)) {
    const href = (quoted ?? single ?? "").replaceAll("&amp;", "&");
    if (href.startsWith("?") || href.startsWith("#") || !URL.canParse(href, base.href)) continue;
    const target = new URL(href, base);
    if (target.origin !== base.origin || target.search !== "" || !target.pathname.startsWith(base.pathname)) continue;
    const rest = target.pathname.slice(base.pathname.length);
    if (/^[^/]+\/?$/.test(rest)) found.add(target.href.replace(/#.*$/, ""));
  }
  return [...found];
}

/** The last part of an address as a plain file name; undefined for one that leaves the directory or a terminal obeys. */
export function fileNameOf(url: string): string | undefined {
  const encoded = new URL(url).pathname.split("/").pop() ?? "";
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  // oxlint-disable-next-line no-control-regex
  if (name === "" || name === "." || name === ".." || /[/\u0000-\u001f\u007f-\u009f]/.test(name)) return undefined;
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? undefined : name;
}

const MAX_NAME_BYTES = 255 - PART.length;
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

async function textOf(body: Readable, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await unpack(body)).bytes) {
    size += chunk.length;
    if (size > MAX_LISTING_BYTES) throw new CoprError(`The listing of ${url} is too long`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
