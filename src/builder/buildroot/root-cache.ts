import { readdir, stat, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "../../core/files/remove-tree.ts";
import { replaceFile, writeFileAtomic } from "../../core/files/atomic-file.ts";
import type { Macro } from "../../core/mock/settings.ts";
import type { Settings } from "../settings.ts";
import { ensureSharedDirectory } from "../state/shared-directory.ts";
import type { TaskContext } from "../task/task-context.ts";
import { configDirectoryArguments, runMock } from "./mock-command.ts";

/** mock throws a cache away that is older than the configuration. The key stands for its content, so its age must not count. */
const CONFIG_TIME = new Date("2000-01-01T00:00:00Z");

/**
 * Writes a configuration of mock that keeps a root cache of its own. Only builds with the same text share it; macros
 * don't count, as mock writes them into each chroot anew. Resolves to the cache's key; undefined when none is kept.
 */
export async function writeCachingConfig(
  { directory, settings }: Pick<TaskContext, "directory" | "settings">,
  path: string,
  macros: readonly Macro[],
  profileOf: (macros: readonly Macro[]) => string,
): Promise<string | undefined> {
  if (settings.rootCaches === 0) {
    await replaceFile(path, profileOf(macros));
    return undefined;
  }
  // Builders beside each other must not remove one another's caches, so each has its own.
  const { createHash } = await import("node:crypto");
  const key = createHash("sha256")
    .update(`${directory.path}\0${profileOf([])}`)
    .digest("hex")
    .slice(0, 32);
  await replaceFile(path, `${profileOf(macros)}${cacheLines(key)}`);
  await utimes(path, CONFIG_TIME, CONFIG_TIME);
  return key;
}

type CacheUser = Pick<TaskContext, "directory" | "settings" | "log">;

/**
 * Begins the use of a cache, if there is one: notes it, for when caches are removed. What a run has written that did not come
 * to its end goes first: mock packs a cache in place, and where it was killed over that, each later build would fail to unpack
 * the half.
 */
export async function beginCacheUse(context: CacheUser, key: string | undefined): Promise<void> {
  if (key === undefined) return;
  const { directory, log } = context;
  await removeUnfinished(context, key);
  try {
    await ensureSharedDirectory(directory.rootCaches);
    await writeFileAtomic(noteOf(directory, key), evictionProfile(key));
  } catch (error) {
    // Without the note it is only not removed in time, which is no reason to fail.
    log.say(`The use of the root cache can't be noted: ${(error as Error).message}`);
  }
}

/** mock has ended in order, so what it has cached is whole: the note is younger than that. */
export async function endCacheUse({ directory }: Pick<TaskContext, "directory">, key: string | undefined): Promise<void> {
  if (key === undefined) return;
  const now = new Date();
  await utimes(noteOf(directory, key), now, now).catch(() => undefined);
}

async function removeUnfinished({ directory, settings, log }: CacheUser, key: string): Promise<void> {
  const note = await stat(noteOf(directory, key)).catch(() => undefined);
  if (note === undefined) return;
  const { mockCacheDirectory } = settings;
  // That of the bootstrap chroot is where mock has it: see cacheLines.
  const bootstraps = (await readdir(mockCacheDirectory).catch(() => [])).filter((name) => name.endsWith("-bootstrap"));
  for (const name of [cacheName(key), ...bootstraps]) {
    const path = join(mockCacheDirectory, name, "root_cache", `cache.tar.${key}`);
    const cache = await stat(path).catch(() => undefined);
    if (cache === undefined || cache.mtimeMs <= note.mtimeMs) continue;
    const isRemoved = await unlink(path).then(
      () => true,
      () => false,
    );
    log.say(
      `The root cache '${path}' is of a build that did not come to its end, and may be half of one: ${isRemoved ? "it is made anew" : "it can't be removed"}`,
    );
  }
}

function noteOf({ rootCaches }: TaskContext["directory"], key: string): string {
  return join(rootCaches, `${key}.cfg`);
}

/** Where mock finds no caches, so that it removes none of them together with a chroot. */
export function placeOfNoCaches({ mockCacheDirectory }: Pick<Settings, "mockCacheDirectory">): string {
  return join(mockCacheDirectory, cacheName("none"));
}

/**
 * Whether the root caches of bootstrap chroots are to be left alone. All of a distribution are in one place, and go
 * together, when one of ours has to go.
 */
export async function keepsBootstrapCaches({ directory, settings }: Pick<TaskContext, "directory" | "settings">): Promise<boolean> {
  return settings.rootCaches > 0 && (await cachesByUse(directory.rootCaches)).length <= settings.rootCaches;
}

/** Removes the caches that were not used for longest, so that only the configured number stays. */
export async function evictCaches(context: TaskContext): Promise<void> {
  const { directory, settings } = context;
  for (const path of (await cachesByUse(directory.rootCaches)).slice(settings.rootCaches)) {
    // Any scrubbing makes mock begin a bootstrap chroot's cache, which would stay; it goes only by its own name.
    const scrubs = ["bootstrap", "cache"].flatMap((what) => ["--scrub", what]);
    const argv = ["mock", ...configDirectoryArguments(settings.mockConfigDirectory), "-r", path, ...scrubs, "--quiet"];
    if ((await runMock(context, argv)) === 0) await removeTree(path);
  }
}

/**
 * mock names the bootstrap chroot's cache directory itself, whatever is set here, so there only the file's name can
 * tell one project's cache from another's. mock adds it only to compressed caches.
 */
function cacheLines(key: string): string {
  const options = "config_opts['plugin_conf']['root_cache_opts']";
  return `
# The root cache of this configuration alone
${options}['dir'] = '{{cache_topdir}}/${cacheName(key)}/root_cache/'
${options}['extension'] = '.${key}'
${options}['compress_program'] = ${options}['compress_program'] or 'gzip'
`;
}

/** Makes `mock --scrub cache` remove one cache: it knows caches only by the name of the chroot. */
function evictionProfile(key: string): string {
  return `config_opts['root'] = '${cacheName(key)}'\nconfig_opts['target_arch'] = config_opts['host_arch']\n`;
}

function cacheName(key: string): string {
  return `copr-builder-${key}`;
}

/** How many root caches a slot keeps. */
export async function countCaches(directory: string): Promise<number> {
  return (await cachesByUse(directory)).length;
}

/** What the name of a directory among mock's caches tells of it. */
export interface NamedCache {
  /** Of a root cache of ours; undefined for mock's own caches, which several tasks share. */
  key: string | undefined;
  /** The chroot that mock knows it by; its bootstrap chroot's caches are removed with it. */
  root: string;
}

/** Undefined for names that neither mock nor we give. */
export function readCacheName(name: string): NamedCache | undefined {
  if (!/^[A-Za-z0-9][\w.+-]{0,200}$/.test(name)) return undefined;
  const root = name.replace(/-bootstrap$/, "");
  return { root, key: /^copr-builder-([0-9a-f]{32})$/.exec(root)?.[1] };
}

/** Notes of root caches, last used first. */
export async function cachesByUse(directory: string): Promise<string[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => /^[0-9a-f]{32}\.cfg$/.test(name));
  const caches = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, usedOn: (await stat(path)).mtimeMs };
    }),
  );
  return caches.sort((one, other) => other.usedOn - one.usedOn).map(({ path }) => path);
}
