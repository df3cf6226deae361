import { lstatSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { cleanLine } from "../../core/text/clean-text.ts";
import { bytesOf, bytesText } from "./amounts.ts";
import { monotonicMs } from "./clock.ts";

/** A disk with less free space than this, and less than this part of it, is full: who found no room may have removed what it had begun. */
const FULL_BYTES = 16 * 1024 ** 2;
const FULL_PART = 0.02;
/** How often the disks are looked at. */
const EVERY_MS = 1000;

/** Watches the disks that a task writes to, since what has filled one may be gone when the task ends. */
export class DiskWatch {
  readonly #places: readonly string[];
  readonly #full = new Map<string, Promise<string | undefined>>();
  #next = 0;

  /** @param places directories; those on the same disk count once */
  constructor(places: readonly string[]) {
    this.#places = places;
  }

  /** Looks at the disks, unless that was done a moment ago. */
  look(): void {
    if (monotonicMs() < this.#next) return;
    this.#next = monotonicMs() + EVERY_MS;
    for (const place of onePerDisk(this.#places)) if (isFull(place)) this.#note(place);
  }

  /** One sentence about a disk that is or was full, and what has filled it; undefined if none was. */
  async tell(): Promise<string | undefined> {
    this.#next = 0;
    this.look();
    return (await Promise.all(this.#full.values())).find((sentence) => sentence !== undefined);
  }

  #note(place: string): void {
    if (!this.#full.has(place))
      this.#full.set(
        place,
        describe(place).catch(() => undefined),
      );
  }
}

function onePerDisk(places: readonly string[]): string[] {
  const disks = new Map<number, string>();
  for (const place of places) {
    try {
      const { dev } = statSync(place);
      if (!disks.has(dev)) disks.set(dev, place);
    } catch {
      // Not there yet, or not to be seen.
    }
  }
  return [...disks.values()];
}

function isFull(place: string): boolean {
  try {
    const { bavail, bsize, blocks } = statfsSync(place);
    return bavail * bsize < Math.min(FULL_BYTES, blocks * bsize * FULL_PART);
  } catch {
    // Gone meanwhile, e.g. the workspace.
    return false;
  }
}

async function describe(place: string): Promise<string> {
  const { bavail, bsize, blocks } = statfsSync(place);
  const sentence = `The disk of '${place}' is full: ${bytesOf(bavail * bsize, blocks * bsize)} are free`;
  const filler = await findFiller(place);
  const isTelling = filler !== undefined && filler.bytes >= LEAST_PART * blocks * bsize;
  return isTelling ? `${sentence}, and '${cleanLine(filler.path)}' has ${bytesText(filler.bytes)}` : sentence;
}

/** What has less than this part of a disk has not filled it. */
const LEAST_PART = 0.05;

/** A file or directory, and what it takes on its disk. */
interface Filler {
  path: string;
  bytes: number;
}

/** What has this part of what is in a directory is what fills it. */
const MOST = 0.6;
/** A directory of a chroot has some hundred thousand files; who looks at all of them is late. */
const MAX_ENTRIES = 50_000;
const MAX_MS = 5000;

/** The innermost file or directory below a place that has most of what is there, as far as can be seen in a moment. */
async function findFiller(place: string): Promise<Filler | undefined> {
  const end = monotonicMs() + MAX_MS;
  const { dev } = lstatSync(place);
  let left = MAX_ENTRIES;
  /** The filler of a directory, and all that is in it. A path has a character for each byte: names need not be text. */
  const measure = async (path: string): Promise<{ filler: Filler; bytes: number }> => {
    let bytes = 0;
    let largest = { filler: { path, bytes: 0 }, bytes: 0 };
    for (const name of namesIn(path)) {
      if ((left -= 1) < 0 || monotonicMs() > end) break;
      const inside = join(path, name);
      const info = lstatSync(bytesIn(inside), { throwIfNoEntry: false });
      if (info?.dev !== dev) continue;
      const own = info.blocks * BLOCK_BYTES;
      const one = info.isDirectory() ? await measure(inside) : { filler: { path: inside, bytes: own }, bytes: own };
      bytes += one.bytes;
      if (one.bytes > largest.bytes) largest = one;
    }
    // Others have their turn: the log, and the looks at the task's processes.
    await setImmediate();
    return { filler: largest.bytes >= MOST * bytes ? largest.filler : { path, bytes }, bytes };
  };
  const start = Buffer.from(place).toString("latin1");
  const { filler } = await measure(start);
  return filler.path === start ? undefined : { ...filler, path: bytesIn(filler.path).toString() };
}

function bytesIn(path: string): Buffer {
  return Buffer.from(path, "latin1");
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(bytesIn(directory), "latin1");
  } catch {
    return [];
  }
}

/** The unit of `blocks` in a stat, whatever the disk's own. */
const BLOCK_BYTES = 512;
