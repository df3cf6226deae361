import { gzipSync } from "node:zlib";

/** A member of a package's payload; the header tells the same of it. */
export interface Member {
  /** Path, as the header and the archive have it. */
  path: string;
  content?: string | Buffer;
  /** With the type; default a regular file. */
  mode?: number;
  /** Marks it as the spec file. */
  isSpec?: boolean;
  /** Says another size in the header. */
  claimedSize?: number;
}

export interface Crafted {
  name?: string;
  version?: string;
  release?: string;
  arch?: string;
  members: readonly Member[];
}

export const linkMode = 0o120777;

/** A source package that no rpmbuild would make. */
export function craftSrpm({ name = "hello", version = "1", release = "1", arch = "noarch", members }: Crafted): Buffer {
  const split = members.map(({ path }) => /^(.*\/)?([^/]*)$/s.exec(path) ?? []);
  const directories = [...new Set(split.map(([, directory = ""]) => directory))];
  const sizes = members.map(({ claimedSize, content = "" }) => claimedSize ?? content.length);
  const body = header(HEADER_IMMUTABLE, [
    [1000, strings(STRING, [name])],
    [1001, strings(STRING, [version])],
    [1002, strings(STRING, [release])],
    [1004, strings(I18N, ["crafted"])],
    [1014, strings(STRING, ["MIT"])],
    [1021, strings(STRING, ["linux"])],
    [1022, strings(STRING, [arch])],
    [1028, numbers(4, sizes)],
    [
      1030,
      numbers(
        2,
        members.map(({ mode = 0o100644 }) => mode),
      ),
    ],
    [
      1034,
      numbers(
        4,
        members.map(() => 1_700_000_000),
      ),
    ],
    [
      1035,
      strings(
        ARRAY,
        members.map(() => ""),
      ),
    ],
    [
      1036,
      strings(
        ARRAY,
        members.map(({ mode, content = "" }) => (mode === linkMode ? content.toString() : "")),
      ),
    ],
    [
      1037,
      numbers(
        4,
        members.map(({ isSpec }) => (isSpec ? 1 << 5 : 0)),
      ),
    ],
    [
      1039,
      strings(
        ARRAY,
        members.map(() => "root"),
      ),
    ],
    [
      1040,
      strings(
        ARRAY,
        members.map(() => "root"),
      ),
    ],
    [
      1095,
      numbers(
        4,
        members.map(() => 1),
      ),
    ],
    [
      1096,
      numbers(
        4,
        members.map((_, index) => index + 1),
      ),
    ],
    [1106, numbers(4, [1])],
    [
      1116,
      numbers(
        4,
        split.map(([, directory = ""]) => directories.indexOf(directory)),
      ),
    ],
    [
      1117,
      strings(
        ARRAY,
        split.map(([, , base = ""]) => base),
      ),
    ],
    [1118, strings(ARRAY, directories)],
    [1124, strings(STRING, ["cpio"])],
    [1125, strings(STRING, ["gzip"])],
    [1126, strings(STRING, ["9"])],
  ]);
  const payload = gzipSync(cpio(members));
  const signature = header(HEADER_SIGNATURES, [[1000, numbers(4, [body.length + payload.length])]]);
  const padding = Buffer.alloc((8 - (signature.length % 8)) % 8);
  const lead = Buffer.alloc(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 1, 0, 1]);
  lead.write(`${name}-${version}-${release}`.slice(0, 65), 10);
  lead.set([0, 1, 0, 5], 76);
  return Buffer.concat([lead, signature, padding, body, payload]);
}

const STRING = 6;
const ARRAY = 8;
const I18N = 9;
const HEADER_SIGNATURES = 62;
const HEADER_IMMUTABLE = 63;

interface Value {
  type: number;
  count: number;
  alignment: number;
  bytes: Buffer;
}

function strings(type: number, values: readonly string[]): Value {
  return { type, count: values.length, alignment: 1, bytes: Buffer.from(values.map((value) => `${value}\0`).join("")) };
}

function numbers(size: 2 | 4, values: readonly number[]): Value {
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, index) => (size === 2 ? bytes.writeUInt16BE(value, 2 * index) : bytes.writeUInt32BE(value >>> 0, 4 * index)));
  return { type: size === 2 ? 3 : 4, count: values.length, alignment: size, bytes };
}

/** An index of 16 bytes for each tag, and a store; the region, whose trailer ends the store, says that all of it is one. */
function header(region: number, entries: readonly [tag: number, value: Value][]): Buffer {
  const store: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  const add = (bytes: Buffer): void => {
    store.push(bytes);
    at += bytes.length;
  };
  for (const [tag, { type, count, alignment, bytes }] of entries) {
    if (count === 0) continue;
    add(Buffer.alloc((alignment - (at % alignment)) % alignment));
    index.push(indexEntry(tag, type, at, count));
    add(bytes);
  }
  const trailer = indexEntry(region, 7, -16 * (index.length + 1), 16);
  index.unshift(indexEntry(region, 7, at, 16));
  add(trailer);
  const intro = Buffer.alloc(16);
  intro.set([0x8e, 0xad, 0xe8, 1]);
  intro.writeUInt32BE(index.length, 8);
  intro.writeUInt32BE(at, 12);
  return Buffer.concat([intro, ...index, ...store]);
}

function indexEntry(tag: number, type: number, offset: number, count: number): Buffer {
  const entry = Buffer.alloc(16);
  entry.writeUInt32BE(tag, 0);
  entry.writeUInt32BE(type, 4);
  entry.writeInt32BE(offset, 8);
  entry.writeUInt32BE(count, 12);
  return entry;
}

function cpio(members: readonly Member[]): Buffer {
  const entry = (path: string, mode: number, inode: number, content: Buffer): Buffer => {
    const fields = [inode, mode, 0, 0, 1, 1_700_000_000, content.length, 0, 0, 0, 0, Buffer.byteLength(path) + 1, 0];
    const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}${path}\0`);
    return Buffer.concat([head, fill(head.length), content, fill(content.length)]);
  };
  const all = members.map(({ path, mode = 0o100644, content = "" }, index) => entry(path, mode, index + 1, Buffer.from(content)));
  return Buffer.concat([...all, entry("TRAILER!!!", 0, 0, Buffer.alloc(0))]);
}

function fill(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
