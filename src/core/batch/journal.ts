import { createHash } from "node:crypto";
import { lstat, open, readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import * as v from "valibot";
import type { SentSource } from "../builds/sent-source.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { ensureDirectory } from "../files/directories.ts";
import { type Lock, tryLock } from "../files/lock.ts";
import { readRegularFile } from "../files/regular-file.ts";
import { CoprError } from "../errors.ts";

/** One submission of a package: noted before it begins, and again when the build is known. */
export interface Attempt {
  source: SentSource;
  /** The newest build of the project before. */
  newestBefore: number;
  /** Milliseconds of the epoch. */
  at: number;
  /** Null while it is under way; a process that was killed leaves it so. */
  build: number | null;
}

const attemptSchema = v.object({
  source: v.custom<SentSource>((value) => typeof value === "object" && value !== null && "type" in value),
  newestBefore: v.number(),
  at: v.number(),
  build: v.nullable(v.number()),
});
const mannerSchema = v.record(v.string(), v.array(v.string()));
const itemSchema = v.object({ digest: v.string(), attempts: v.array(attemptSchema) });
const journalSchema = v.object({
  isFinished: v.boolean(),
  manner: mannerSchema,
  // By name. The library's own record leaves out such as `constructor`, and a package may be called so.
  items: v.pipe(
    v.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
    v.transform((items) => Object.entries(items)),
    v.array(v.tuple([v.string(), itemSchema])),
    v.transform((items) => new Map(items)),
  ),
});
type Content = v.InferOutput<typeof journalSchema>;

/** Which batch a journal is of. */
export interface BatchIdentity {
  coprUrl: string;
  /** `owner/name:dir`. */
  project: string;
  /** Name and source of each package. */
  items: readonly { name: string; source: string }[];
}

/**
 * What the builds of a batch have in common, by the names of options: `{ chroot: ["fedora-43-x86_64"] }`. What was built in
 * another manner is something else, so this holds for all of a batch.
 */
export type BatchManner = Readonly<Record<string, readonly string[]>>;

/** No batch comes near it. */
const MAX_BYTES = 64 * 1024 * 1024;
/** A batch that was submitted whole is remembered so long, for who resumes it to be told that there is nothing to do. */
const KEEP_FINISHED_MS = 24 * 3600_000;
/** And one that was not, so long. */
const KEEP_MS = 30 * 24 * 3600_000;

/** How far a batch was submitted, on the disk: whatever ends the program, the next one knows. */
export class Journal {
  readonly #path: string;
  #lock: Lock | undefined;
  #content: Content;

  private constructor(path: string, content: Content, lock: Lock | undefined) {
    this.#path = path;
    this.#content = content;
    this.#lock = lock;
  }

  /** Opens the journal of a batch, an empty one if there is none. Throws CoprError while another process has it. */
  static async open(identity: BatchIdentity, directory = stateDirectory()): Promise<Journal> {
    await ensureDirectory(directory, 0o700);
    await removeOld(directory);
    const path = join(directory, `${nameOf(identity)}.json`);
    // Where there is no flock there is no lock.
    const lock = await tryLock(`${path}.lock`, 0o600).catch(() => "none" as const);
    if (lock === undefined) {
      throw new CoprError("Another copr-cli is submitting this batch just now.", {
        hint: "When that has ended, --resume goes on where it stopped.",
      });
    }
    return new Journal(path, (await readContent(path)) ?? empty(), lock === "none" ? undefined : lock);
  }

  /** What the journal of a batch says now, also while another process has it; not to be written to. Throws CoprError. */
  static async look(identity: BatchIdentity, directory = stateDirectory()): Promise<Journal> {
    const path = join(directory, `${nameOf(identity)}.json`);
    return new Journal(path, (await readContent(path)) ?? empty(), undefined);
  }

  /** Whether all of the batch was submitted, and waited for. */
  get isFinished(): boolean {
    return this.#content.isFinished;
  }

  /** How many packages were submitted, or perhaps were. */
  get size(): number {
    return [...this.#content.items.values()].filter(({ attempts }) => attempts.length > 0).length;
  }

  /** Packages whose submission had begun, and that may have been submitted or not. */
  get underWay(): string[] {
    return [...this.#content.items].filter(([, { attempts }]) => attempts.at(-1)?.build === null).map(([name]) => name);
  }

  /** Every build that is known. */
  get builds(): Set<number> {
    return new Set([...this.#content.items.values()].flatMap(({ attempts }) => attempts.flatMap(({ build }) => build ?? [])));
  }

  /** The last submission of a package as it is now; one of other content does not count. */
  lastAttempt(name: string, digest: string): Attempt | undefined {
    const item = this.#content.items.get(name);
    return item?.digest === digest ? item.attempts.at(-1) : undefined;
  }

  /** The manner in which the batch was begun. */
  get manner(): BatchManner {
    return this.#content.manner;
  }

  /** Forgets everything. What is submitted from now on is built in this manner. */
  async clear(manner: BatchManner = {}): Promise<void> {
    this.#content = { ...empty(), manner: v.parse(mannerSchema, manner) };
    await this.#write();
  }

  /** A submission is about to begin. */
  async begin(name: string, digest: string, attempt: Omit<Attempt, "at" | "build">): Promise<void> {
    const before = this.#content.items.get(name);
    const attempts = [...(before?.attempts ?? []).filter(({ build }) => build !== null), { ...attempt, at: Date.now(), build: null }];
    this.#content.items.set(name, { digest, attempts });
    this.#content.isFinished = false;
    await this.#write();
  }

  /** The submission that had begun has made this build, or none. */
  async end(name: string, build: number | undefined): Promise<void> {
    const attempts = this.#content.items.get(name)?.attempts ?? [];
    if (build === undefined) attempts.pop();
    else (attempts.at(-1) as Attempt).build = build;
    await this.#write();
  }

  /** Nothing of the batch is left to do. */
  async finish(): Promise<void> {
    this.#content.isFinished = true;
    await this.#write();
  }

  /** Gives it to others. */
  async close(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }

  /** On the disk when the call returns, whatever happens to the machine. */
  async #write(): Promise<void> {
    const content = { ...this.#content, items: Object.fromEntries(this.#content.items) };
    await writeFileAtomic(this.#path, JSON.stringify(content), 0o600);
    const directory = await open(join(this.#path, ".."));
    await directory.sync().catch(() => undefined);
    await directory.close();
  }
}

function empty(): Content {
  return { isFinished: false, manner: {}, items: new Map() };
}

function stateDirectory(): string {
  const base = process.env["XDG_STATE_HOME"] ?? "";
  // A relative one is to be ignored, says the XDG specification.
  return join(isAbsolute(base) ? base : join(homedir(), ".local", "state"), "copr", "batches");
}

/** Names and paths are no file names, hence the hash. */
function nameOf({ coprUrl, project, items }: BatchIdentity): string {
  const lines = items.map(({ name, source }) => `${name}\t${source}`).toSorted();
  return createHash("sha256")
    .update([coprUrl, project, ...lines].join("\n"))
    .digest("hex")
    .slice(0, 32);
}

/** What can't be read is of a disk that lost it: nobody can go on from there. Throws CoprError then. */
async function readContent(path: string): Promise<Content | undefined> {
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  const text = (await readRegularFile(path, { maxBytes: MAX_BYTES, label: "journal of the batch" })).toString();
  try {
    return v.parse(journalSchema, JSON.parse(text));
  } catch (cause) {
    throw new CoprError(`The journal of the batch, '${path}', can't be read.`, {
      cause,
      hint: "Look which builds there are ('copr-cli list-builds'), and remove the file to begin anew.",
    });
  }
}

/** Removes journals that are old, but none that is in use. Nothing depends on it, so what can't be removed stays. */
async function removeOld(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const [, journal, rest] = /^([0-9a-f]{32}\.json)(\.lock|\.[0-9a-f]{12}\.tmp)?$/.exec(name) ?? [];
    if (journal === undefined || !(await isOld(join(directory, name)))) continue;
    const path = join(directory, journal);
    if (rest !== ".lock") await underLock(path, () => rm(join(directory, name), { force: true })).catch(() => undefined);
    else if ((await stat(path).catch(() => undefined)) === undefined) await underLock(path, async () => undefined).catch(() => undefined);
  }
}

async function isOld(path: string): Promise<boolean> {
  const ageMs = Date.now() - ((await lstat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
  if (ageMs > KEEP_MS) return true;
  if (ageMs <= KEEP_FINISHED_MS || !path.endsWith(".json")) return false;
  return (await readContent(path).catch(() => undefined))?.isFinished ?? false;
}

/** Does something to a journal that nobody has, and removes its lock. */
async function underLock(path: string, work: () => Promise<void>): Promise<void> {
  const lock = await tryLock(`${path}.lock`, 0o600);
  if (lock === undefined) return;
  await work();
  await rm(`${path}.lock`, { force: true });
  await lock.release();
}
