import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type Conf from "conf";
import { CACHE_PREFIX, cacheDirectory, cacheName } from "./cache-directory.ts";
import { ensureDirectory } from "../files/directories.ts";

/** Something a frontend was asked for that may be a little old, e.g. the names for a shell's completion. */
export interface Remembered<T> {
  /** Address of the frontend. */
  coprUrl: string;
  /** What it was asked for, with whatever the answer depends on, e.g. `projects of me`. */
  topic: string;
  /** So long the kept answer is given without asking. */
  freshForMs: number;
  /** Asks the frontend. May throw. */
  ask: () => Promise<T>;
  /** Whether what a file held is such an answer: anybody may have written there. */
  isAnswer: (value: unknown) => value is T;
}

/**
 * The answer from a private file of this user, or from the frontend when that is too old. When the frontend does not
 * answer: the old one, or undefined, and it is left alone for half a minute. Never throws.
 */
export async function remembered<T>({ coprUrl, topic, freshForMs, ask, isAnswer }: Remembered<T>): Promise<T | undefined> {
  const store = await openStore<T>(cacheName(coprUrl, topic));
  const kept = store && entryOf(store.store, isAnswer);
  const now = Date.now();
  if (kept?.answer !== undefined && isWithin(now - kept.answeredAt, freshForMs)) return kept.answer;
  if (kept && isWithin(now - kept.failedAt, PAUSE_AFTER_FAILURE_MS)) return kept.answer;
  try {
    const answer = await ask();
    await keep(store, { answeredAt: Date.now(), failedAt: 0, answer });
    return answer;
  } catch {
    await keep(store, { answeredAt: kept?.answeredAt ?? 0, failedAt: Date.now(), answer: kept?.answer });
    return kept?.answer;
  }
}

const PAUSE_AFTER_FAILURE_MS = 30_000;
/** Answers that nobody has asked for so long go away. */
const KEEP_MS = 7 * 24 * 3600_000;

/** Times are milliseconds of the epoch, 0 for never. */
interface Entry<T> {
  answeredAt: number;
  failedAt: number;
  answer: T | undefined;
}

/** Undefined where none can be had. A broken one begins anew. */
async function openStore<T>(configName: string): Promise<Conf<Entry<T>> | undefined> {
  try {
    const cwd = cacheDirectory();
    await ensureDirectory(cwd, 0o700);
    // Loaded here, because of its size: only completion wants it.
    const { default: Store } = await import("conf");
    return new Store<Entry<T>>({ cwd, configName, clearInvalidConfig: true, configFileMode: 0o600 });
  } catch {
    return undefined;
  }
}

/** What a store holds, as far as it can be used: the next answer replaces what can't. */
function entryOf<T>({ answeredAt, failedAt, answer }: Partial<Entry<T>>, isAnswer: (value: unknown) => value is T): Entry<T> | undefined {
  if (typeof answeredAt !== "number" || typeof failedAt !== "number") return undefined;
  return { answeredAt, failedAt, answer: isAnswer(answer) ? answer : undefined };
}

/** A clock that was set back makes an age negative: old. */
function isWithin(ageMs: number, limitMs: number): boolean {
  return ageMs >= 0 && ageMs < limitMs;
}

/** Without a cache one asks again, so that is no reason to fail. */
async function keep<T>(store: Conf<Entry<T>> | undefined, entry: Entry<T>): Promise<void> {
  try {
    if (store) store.store = entry;
    await removeOld();
  } catch {}
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(cacheDirectory())) {
    if (!name.startsWith(CACHE_PREFIX)) continue;
    const path = join(cacheDirectory(), name);
    if (Date.now() - (await stat(path)).mtimeMs > KEEP_MS) await rm(path, { force: true });
  }
}
