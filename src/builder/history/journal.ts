import { constants } from "node:fs";
import { type FileHandle, lstat, open, rm } from "node:fs/promises";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { exists } from "../../core/files/directories.ts";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { type HistoryEntry, parseEntry } from "./history-record.ts";
import { count, emptyTally, parseTally, type Tally } from "./tally.ts";

/** What a slot remembers. */
export interface Journal {
  /** Those tasks that are not remembered one by one any more. */
  dropped: Tally;
  /** The last tasks, oldest first: of each all that is known. */
  entries: HistoryEntry[];
}

/** A larger journal is written anew, with the last tasks only, as a rule 500 or more of them. */
const MAX_BYTES = 1024 * 1024;
const KEPT_BYTES = MAX_BYTES / 2;
/** One that could not be written anew may have grown larger; so much of its end is read. */
const READ_BYTES = 16 * MAX_BYTES;
/** Holds the last task in any case, and at the beginning of a journal all that it has dropped. */
const TAIL_BYTES = 64 * 1024;

/**
 * Adds a line to a slot's journal: what became known of a task. Only who holds the slot's lock may do so, so there is one
 * writer at a time; whatever ends it, a line is there, is not there, or is cut short, and what is cut short is passed over.
 * Throws CoprError where it can't be written, e.g. on a full disk; what was there before stays.
 */
export async function appendToJournal(path: string, entry: HistoryEntry): Promise<void> {
  try {
    await append(path, entry);
  } catch (error) {
    if (!isForWantOfRoom(error)) throw error;
    await rm(reserveOf(path), { force: true });
    return append(path, entry);
  }
  await keepReserve(path).catch(() => undefined);
}

async function append(path: string, entry: HistoryEntry): Promise<void> {
  const file = await openForAppending(path);
  if (file === undefined) return rewrite(path, entry);
  let size: number;
  try {
    size = await appendLine(file, JSON.stringify(entry));
  } catch (error) {
    throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
  } finally {
    await file.close();
  }
  if (size > MAX_BYTES) await rewrite(path);
}

/** All that a slot remembers. Throws CoprError where the journal can't be read. */
export async function readJournal(path: string): Promise<Journal> {
  if (!(await exists(path))) return { dropped: emptyTally(), entries: [] };
  if ((await lstat(path)).size > READ_BYTES) {
    const { dropped } = parseJournal(await readPart(path, TAIL_BYTES, 0));
    return { dropped, entries: parseJournal(await readPart(path, READ_BYTES)).entries };
  }
  return parseJournal((await readRegularFile(path, { maxBytes: READ_BYTES, label: "history" })).toString());
}

/** What is known of the last tasks, without reading all of a long journal. */
export async function readJournalEnd(path: string): Promise<Journal> {
  return parseJournal(await readPart(path, TAIL_BYTES));
}

/** So many bytes from a place on, or from the end. */
async function readPart(path: string, bytes: number, at?: number): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    const part = Buffer.alloc(Math.min(size, bytes));
    const { bytesRead } = await file.read(part, 0, part.length, at ?? size - part.length);
    return part.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A full disk has so much room for the history all the same: for some hundred tasks. */
const RESERVED_BYTES = 64 * 1024;

function reserveOf(path: string): string {
  return `${path}.reserve`;
}

function isForWantOfRoom(error: unknown): boolean {
  return error instanceof CoprError && ["ENOSPC", "EDQUOT"].includes(errorCode(error.cause) ?? "");
}

async function keepReserve(path: string): Promise<void> {
  const reserve = reserveOf(path);
  if (await exists(reserve)) return;
  // Not of zeros: a file system may keep no blocks for them.
  await writeFileAtomic(reserve, "reserved\n".repeat(RESERVED_BYTES / 8), 0o644);
}

/** Undefined where another user has made the file, which we may replace but not write to. */
async function openForAppending(path: string): Promise<FileHandle | undefined> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  let file: FileHandle;
  try {
    file = await open(path, flags, 0o644);
  } catch (error) {
    // A link in its place is replaced, too.
    if (["EACCES", "ELOOP"].includes(errorCode(error) ?? "")) return undefined;
    throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
  }
  const info = await file.stat();
  if (info.isFile() && info.nlink === 1) return file;
  await file.close();
  return undefined;
}

/** Resolves to the size that the file has then. */
async function appendLine(file: FileHandle, line: string): Promise<number> {
  const { size } = await file.stat();
  const last = Buffer.alloc(1, "\n");
  if (size > 0) await file.read(last, 0, 1, size - 1);
  // What a killed process left unfinished stays a line of its own.
  const bytes = Buffer.from(`${last.toString() === "\n" ? "" : "\n"}${line}\n`);
  try {
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
  } catch (error) {
    await file.truncate(size).catch(() => undefined);
    throw error;
  }
  return size + bytes.length;
}

/** Replaces the journal by one with the last tasks, and counts the others together. */
async function rewrite(path: string, entry?: HistoryEntry): Promise<void> {
  const { dropped, entries } = await readJournal(path).catch((): Journal => ({ dropped: emptyTally(), entries: [] }));
  const all = entry === undefined ? entries : merged([...entries, entry]);
  const lines = all.map((one) => JSON.stringify(one));
  let first = lines.length;
  for (let bytes = 0; first > 0; first -= 1) {
    bytes += Buffer.byteLength(lines[first - 1] as string) + 1;
    if (bytes > KEPT_BYTES) break;
  }
  for (const one of all.slice(0, first)) count(dropped, one);
  await writeFileAtomic(path, `${[JSON.stringify({ dropped }), ...lines.slice(first)].join("\n")}\n`);
}

function parseJournal(text: string): Journal {
  let dropped = emptyTally();
  const entries: HistoryEntry[] = [];
  for (const line of text.split("\n")) {
    const value = parseLine(line);
    const entry = parseEntry(value);
    if (entry !== undefined) entries.push(entry);
    else if (typeof value === "object" && value !== null && "dropped" in value) dropped = parseTally(value.dropped);
  }
  return { dropped, entries: merged(entries) };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** One entry a task, of all that its lines tell; the later one is right. */
function merged(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const tasks = new Map<string, HistoryEntry>();
  for (const entry of entries) tasks.set(entry.mark, { ...tasks.get(entry.mark), ...entry });
  return [...tasks.values()];
}
