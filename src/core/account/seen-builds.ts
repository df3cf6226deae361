import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory, cacheName } from "./cache-directory.ts";

/** A build that this user has seen lately, as it was then. */
export interface SeenBuild {
  id: number;
  /** `owner/name`; null where only the number was seen, as the two below. */
  project: string | null;
  /** Package and version, as far as they were known. */
  package: string | null;
  /** One of the build states. */
  state: string | null;
}

/** So many are kept, those seen last. */
const MOST = 100;
/** A file of that many builds is far smaller: what is larger was not written here. */
const MAX_BYTES = 100_000;

/** The builds of a frontend that were seen lately, the newest first. Never throws: without a file there are none. */
export async function seenBuilds(coprUrl: string): Promise<SeenBuild[]> {
  return (await kept(coprUrl)).toSorted((one, other) => other.id - one.id);
}

/** Keeps builds for `seenBuilds`, in a private file of this user. Never throws: to lose it is no reason to fail. */
export async function noteBuilds(coprUrl: string, builds: readonly SeenBuild[]): Promise<void> {
  try {
    const before = await kept(coprUrl);
    const known = new Map(before.map((build) => [build.id, build]));
    const noted = builds.slice(0, MOST).map((build) => merged(known.get(build.id), build));
    const ids = new Set(noted.map(({ id }) => id));
    const all = [...noted, ...before.filter(({ id }) => !ids.has(id))].slice(0, MOST);
    const text = `${JSON.stringify(all)}\n`;
    // A list that is looked at again and again says nothing new.
    if (text === `${JSON.stringify(before)}\n`) return;
    const [{ writeFileAtomic }, { ensureDirectory }] = await Promise.all([
      import("../files/atomic-file.ts"),
      import("../files/directories.ts"),
    ]);
    await ensureDirectory(cacheDirectory(), 0o700);
    await writeFileAtomic(pathOf(coprUrl), text, 0o600);
  } catch {}
}

function pathOf(coprUrl: string): string {
  return join(cacheDirectory(), `${cacheName(coprUrl, "builds")}.json`);
}

/** Those seen last first. */
async function kept(coprUrl: string): Promise<SeenBuild[]> {
  try {
    const text = await readFile(pathOf(coprUrl), "utf8");
    const value: unknown = text.length > MAX_BYTES ? [] : JSON.parse(text);
    return Array.isArray(value) ? value.filter(isSeenBuild) : [];
  } catch {
    return [];
  }
}

/** Who sees only a number does not forget what it is of. */
function merged(before: SeenBuild | undefined, now: SeenBuild): SeenBuild {
  return {
    id: now.id,
    project: now.project ?? before?.project ?? null,
    package: now.package ?? before?.package ?? null,
    state: now.state ?? before?.state ?? null,
  };
}

/** Anybody may have written there. */
function isSeenBuild(value: unknown): value is SeenBuild {
  if (typeof value !== "object" || value === null) return false;
  const { id, project, package: name, state } = value as Record<string, unknown>;
  return Number.isSafeInteger(id) && (id as number) > 0 && [project, name, state].every((text) => text === null || isShortText(text));
}

function isShortText(value: unknown): boolean {
  return typeof value === "string" && value.length <= 300;
}
