import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { exists } from "../../core/files/directories.ts";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { type HistoryEntry, parseEntry } from "./history-record.ts";
import { countFormer, emptyTally, parseTally, type Tally } from "./tally.ts";

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
/** One that could not be written anew may have grown larger; more tasks than that are only counted when it is read. */
const MAX_ENTRIES = 20_000;
/** Holds the last task in any case. */
const TAIL_BYTES = 64 * 1024;
/** A longer line is none of ours. */
const MAX_LINE = 64 * 1024;

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
  let file: FileHandle;
  try {
    file = await open(path, READING);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { dropped: emptyTally(), entries: [] };
    throw unreadable(path, error);
  }
  try {
    if (!(await file.stat()).isFile()) throw new CoprError(`The history '${path}' is not a regular file`);
    return await gather(linesOf(file));
  } catch (error) {
    throw error instanceof CoprError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: unknown): CoprError {
  return new CoprError(`Cannot read the history '${path}': ${describeFileError(error)}`, { cause: error });
}

async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of file.createReadStream({ autoClose: false, encoding: "utf8" }) as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split("\n");
    // What is cut is no JSON any more, and passed over.
    rest = (lines.pop() as string).slice(0, MAX_LINE);
    yield* lines;
  }
  yield rest;
}

/** What is known of one of the last tasks, without reading all of a long journal, nor what it tells of others. */
export async function readLateEntry(path: string, mark: string): Promise<HistoryEntry | undefined> {
  const file = await open(path, READING);
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const { bytesRead } = await file.read(end, 0, end.length, size - end.length);
    const named = JSON.stringify(mark);
    const lines = end.toString("utf8", 0, bytesRead).split("\n");
    const { entries } = await gather(lines.filter((line) => line.includes(named)));
    return entries.find((entry) => entry.mark === mark);
  } finally {
    await file.close();
  }
}

const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A full disk has so much room for the history all the same: for some hundred tasks. */
const RESERVED_BYTES = 64 * 1024;

/** The file beside a journal that keeps this room. */
export function reserveOf(path: string): string {
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

/** Replaces the journal by one with the last tasks, and counts the others together. `entry` is told of in a new one only. */
async function rewrite(path: string, entry?: HistoryEntry): Promise<void> {
  const { dropped, entries } = await readJournal(path).catch((error: unknown): Journal => {
    // One that we write to is not thrown away because it can't be read just now.
    if (entry === undefined) throw error;
    return { dropped: emptyTally(), entries: [] };
  });
  const tasks = new Map(entries.map((one) => [one.mark, one]));
  if (entry !== undefined) addTo(tasks, entry);
  const all = [...tasks.values()];
  const lines = all.map((one) => JSON.stringify(one));
  let first = lines.length;
  for (let bytes = 0; first > 0; first -= 1) {
    bytes += Buffer.byteLength(lines[first - 1] as string) + 1;
    if (bytes > KEPT_BYTES) break;
  }
  for (const one of all.slice(0, first)) countFormer(dropped, one);
  await writeFileAtomic(path, `${[JSON.stringify({ dropped }), ...lines.slice(first)].join("\n")}\n`);
}

async function gather(lines: Iterable<string> | AsyncIterable<string>): Promise<Journal> {
  let dropped = emptyTally();
  const tasks = new Map<string, HistoryEntry>();
  for await (const line of lines) {
    const value = parseLine(line);
    const entry = parseEntry(value);
    if (entry !== undefined) addTo(tasks, entry);
    else if (typeof value === "object" && value !== null && "dropped" in value) dropped = parseTally(value.dropped);
    if (tasks.size <= MAX_ENTRIES) continue;
    const oldest = tasks.values().next().value as HistoryEntry;
    countFormer(dropped, oldest);
    tasks.delete(oldest.mark);
  }
  return { dropped, entries: [...tasks.values()] };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** One entry a task, of all that its lines tell; the later one is right. */
function addTo(tasks: Map<string, HistoryEntry>, entry: HistoryEntry): void {
  tasks.set(entry.mark, { ...tasks.get(entry.mark), ...entry });
}
