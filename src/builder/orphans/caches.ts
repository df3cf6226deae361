import { lstat, opendir, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isDirectory } from "../../core/files/directories.ts";
import { cachesByUse, placeOfNoCaches, readCacheName } from "../buildroot/root-cache.ts";
import { scrubCacheByName } from "../buildroot/scrub-by-name.ts";
import type { BuilderHost } from "../options.ts";
import type { Settings } from "../settings.ts";
import { removeByName } from "../state/clean-state.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { whileIdle } from "./idle-slot.ts";
import { isAnyLocked } from "./mock-locks.ts";
import type { Sweep } from "./orphan.ts";
import { diskUse } from "./sizes.ts";
import { unlessGone } from "./unless-gone.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** How deep below a cache the times of directories tell of its use: downloads and packing make files that deep. */
const DEPTH = 3;

/** A cache of mock's, with that of its bootstrap chroot. */
interface Cache {
  root: string;
  directories: string[];
  /** Epoch milliseconds. */
  usedOn: number;
  size: number | undefined;
  /** The slot whose root cache it is. */
  owner: StateDirectory | undefined;
  /** A root cache of which no slot has a note. */
  isForgotten: boolean;
}

/**
 * Removes caches of mock that were not used for long, that no slot knows any more, and the least recently used ones
 * beyond a total size. A slot's own root caches go while it is idle, what tasks share while all slots are.
 */
export async function sweepCaches(host: BuilderHost, sweep: Sweep): Promise<void> {
  await whileIdleOnes(host.slots, host, sweep, async (busy) => {
    const caches = await listCaches(host);
    const free = new Set<Cache>();
    for (const cache of caches) if (await isFree(cache, busy)) free.add(cache);
    for (const { cache, reason } of superfluous(caches, free, host.settings)) await takeCache(cache, host, sweep, reason);
  });
  await sweepEmptyCaches(host, sweep);
}

/** Whether nobody uses a cache, nor can begin to. */
async function isFree({ owner, isForgotten, directories, usedOn }: Cache, busy: readonly StateDirectory[]): Promise<boolean> {
  if (owner) return !busy.includes(owner);
  if (usedOn + HOUR_MS > Date.now() || (busy.length > 0 && !isForgotten)) return false;
  return !(await isAnyLocked(directories.flatMap((path) => [join(path, "yumcache.lock"), join(path, "root_cache", "rootcache.lock")])));
}

/** The caches that are to go, and why; only such as are free, the least recently used first. */
function superfluous(caches: readonly Cache[], free: ReadonlySet<Cache>, settings: Settings): { cache: Cache; reason: string }[] {
  const chosen: { cache: Cache; reason: string }[] = [];
  let total = caches.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const limit = settings.cacheMaxMebibytes === 0 ? Number.POSITIVE_INFINITY : settings.cacheMaxMebibytes * 2 ** 20;
  const choose = (cache: Cache, reason: string): void => {
    chosen.push({ cache, reason });
    total -= cache.size ?? 0;
  };
  const rest: Cache[] = [];
  for (const cache of caches.filter((one) => free.has(one)).toSorted((one, other) => one.usedOn - other.usedOn)) {
    const reason = reasonOfAge(cache, settings.cacheMaxDays);
    if (reason === undefined) rest.push(cache);
    else choose(cache, reason);
  }
  for (const cache of rest) {
    if (total <= limit) break;
    choose(cache, `all caches together take more than ${settings.cacheMaxMebibytes} MiB`);
  }
  return chosen;
}

function reasonOfAge({ usedOn, isForgotten }: Cache, maxDays: number): string | undefined {
  if (isForgotten && usedOn + DAY_MS < Date.now()) return "no slot knows it";
  return maxDays > 0 && usedOn + maxDays * DAY_MS < Date.now() ? `nobody has used it for ${maxDays} days` : undefined;
}

async function takeCache({ root, directories, size, owner }: Cache, host: BuilderHost, sweep: Sweep, reason: string): Promise<void> {
  await sweep.take({
    kind: "cache",
    name: directories[0] as string,
    reason,
    ...(owner ? { slot: owner.slot } : {}),
    size: size ?? (await diskUse(directories)),
    async remove() {
      await unlessGone(directories, () => scrubCacheByName(host, root, host.settings.mockCacheDirectory));
      const { key } = readCacheName(root) ?? {};
      if (owner && key !== undefined) await removeByName(join(owner.rootCaches, `${key}.cfg`), owner);
    },
  });
}

/** Does something while the locks of all idle slots are held; `busy` are the others. */
async function whileIdleOnes(
  [slot, ...others]: readonly StateDirectory[],
  host: BuilderHost,
  sweep: Sweep,
  work: (busy: readonly StateDirectory[]) => Promise<void>,
  busy: readonly StateDirectory[] = [],
): Promise<void> {
  if (slot === undefined) return work(busy);
  // One that is not there yet has nothing in common with others.
  const isThere = await isDirectory(slot.path);
  const isDone = isThere && (await whileIdle(slot, host, sweep, () => whileIdleOnes(others, host, sweep, work, busy)));
  if (!isDone) await whileIdleOnes(others, host, sweep, work, isThere ? [...busy, slot] : busy);
}

async function listCaches({ slots, settings }: BuilderHost): Promise<Cache[]> {
  const owners = new Map<string, { owner: StateDirectory; usedOn: number }>();
  for (const owner of slots) {
    for (const note of await cachesByUse(owner.rootCaches))
      owners.set(basename(note, ".cfg"), { owner, usedOn: (await stat(note)).mtimeMs });
  }
  const caches: Cache[] = [];
  for (const { root, key, directories } of await listDirectories(settings.mockCacheDirectory)) {
    const known = key === undefined ? undefined : owners.get(key);
    caches.push({
      root,
      directories,
      usedOn: known?.usedOn ?? Math.max(...(await Promise.all(directories.map((path) => newestIn(path, DEPTH))))),
      size: settings.cacheMaxMebibytes > 0 ? await diskUse(directories) : undefined,
      owner: known?.owner,
      isForgotten: key !== undefined && known === undefined,
    });
  }
  return caches;
}

/** Caches by the chroots they belong to; those that were only begun to remove a chroot are none. */
async function listDirectories(directory: string): Promise<{ root: string; key: string | undefined; directories: string[] }[]> {
  const found = new Map<string, { root: string; key: string | undefined; directories: string[] }>();
  for (const name of (await readdir(directory).catch((): string[] => [])).sort()) {
    const path = join(directory, name);
    const cache = readCacheName(name);
    if (cache === undefined || path === placeOfNoCaches({ mockCacheDirectory: directory }) || !(await isDirectory(path))) continue;
    const one = found.get(cache.root) ?? { ...cache, directories: [] };
    one.directories.push(path);
    found.set(cache.root, one);
  }
  return [...found.values()];
}

/** What mock begins where it is told to find no caches: see `placeOfNoCaches`. */
async function sweepEmptyCaches(host: BuilderHost, sweep: Sweep): Promise<void> {
  const place = placeOfNoCaches(host.settings);
  if (!(await isDirectory(place))) return;
  for (const { root, directories } of await listDirectories(place)) {
    const times = await Promise.all(directories.map((path) => newestIn(path, DEPTH)));
    if (Math.max(...times) + HOUR_MS > Date.now()) continue;
    const remove = (): Promise<void> => unlessGone(directories, () => scrubCacheByName(host, root, place));
    const size = await diskUse(directories);
    await sweep.take({ kind: "cache", name: directories[0] as string, reason: "mock began it to remove a chroot", size, remove });
  }
}

/** The newest time of change of a directory and what is in it, not deeper than so many directories. */
async function newestIn(path: string, depth: number): Promise<number> {
  const info = await lstat(path).catch(() => undefined);
  let newest = info?.mtimeMs ?? 0;
  if (depth === 0 || !info?.isDirectory()) return newest;
  const entries = await opendir(path).catch(() => undefined);
  if (entries) for await (const { name } of entries) newest = Math.max(newest, await newestIn(join(path, name), depth - 1));
  return newest;
}
