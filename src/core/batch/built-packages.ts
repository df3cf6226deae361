import { CoprError } from "../errors.ts";
import { fetchText } from "../http/fetch-file.ts";
import type { Transport } from "../http/transport.ts";
import { unpack } from "../http/unpacked.ts";
import type { Provider } from "./capabilities.ts";

const MAX_LIST_BYTES = 1024 * 1024;
/** Unpacked. Those of whole distributions are as large. */
const MAX_PRIMARY_BYTES = 512 * 1024 ** 2;
/** The longest that is known has 300 KiB. */
const MAX_PACKAGE_CHARACTERS = 16 * 1024 ** 2;

/**
 * The packages of a repository, by what they provide, as its metadata tell it (`repodata/`). Throws CoprError when these can't
 * be read.
 *
 * @param baseUrl address of the repository
 */
export async function readBuiltPackages(transport: Transport, baseUrl: string, signal?: AbortSignal): Promise<Provider[]> {
  const base = new URL(baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  const list = await fetchText(transport, new URL("repodata/repomd.xml", base).href, { maxBytes: MAX_LIST_BYTES, attempts: 2, signal });
  const [, data = ""] = /<data\s[^>]*\btype="primary"[^>]*>(.*?)<\/data>/s.exec(list) ?? [];
  const href = attribute(/<location\s[^>]*>/.exec(data)?.[0] ?? "", "href");
  const address = href === undefined ? undefined : new URL(href, base);
  if (address === undefined || !address.href.startsWith(base.href))
    throw new CoprError(`The metadata of ${base.href} name no list of packages`);
  const { status, body } = await transport.get(address.href, { signal });
  if (status !== 200) {
    body.destroy();
    throw new CoprError(`The server answered ${status} for ${address.href}`);
  }
  const packages: Provider[] = [];
  try {
    for await (const element of packageElements((await unpack(body)).bytes)) {
      const found = providerOf(element);
      if (found !== undefined) packages.push(found);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof CoprError) throw cause;
    throw new CoprError(`The list of packages ${address.href} can't be read`, { cause });
  }
  return packages;
}

/** One package after the other, as text. */
async function* packageElements(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    text += decoder.decode(chunk, { stream: true });
    const parts = text.split("</package>");
    text = parts.pop() as string;
    if (size > MAX_PRIMARY_BYTES || text.length > MAX_PACKAGE_CHARACTERS) throw new CoprError("The list of packages is too large");
    yield* parts;
  }
}

/** Undefined for a source package, which nobody installs. */
function providerOf(element: string): Provider | undefined {
  const [, arch] = /<arch>([^<]*)<\/arch>/.exec(element) ?? [];
  if (arch === undefined || arch === "src" || arch === "nosrc") return undefined;
  const [, list = ""] = /<rpm:provides>(.*?)<\/rpm:provides>/s.exec(element) ?? [];
  const [, source = ""] = /<rpm:sourcerpm>([^<]*)<\/rpm:sourcerpm>/.exec(element) ?? [];
  return {
    sourceName: source.replace(/-[^-]*-[^-]*$/, ""),
    provides: [...list.matchAll(/<rpm:entry\s[^>]*>/g)].flatMap(([entry]) => capabilityOf(entry)),
    files: [...element.matchAll(/<file(?:\s[^>]*)?>([^<]*)<\/file>/g)].map(([, path = ""]) => decoded(path)),
    isComplete: true,
  };
}

/** As rpm writes it; what it could not have written is left out. */
function capabilityOf(entry: string): string[] {
  const name = attribute(entry, "name");
  if (name === undefined || !/^[^\s,<>=]+$/.test(name)) return [];
  const [epoch, version, release] = ["epoch", "ver", "rel"].map((key) => attribute(entry, key));
  if (version === undefined || attribute(entry, "flags") !== "EQ") return [name];
  return [`${name} = ${epoch === undefined || epoch === "0" ? "" : `${epoch}:`}${version}${release === undefined ? "" : `-${release}`}`];
}

function attribute(element: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(element) ?? [];
  return value === undefined ? undefined : decoded(value);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g,
    (whole, name: string, decimal: string, hex: string) => {
      if (name !== undefined) return entities[name] as string;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
