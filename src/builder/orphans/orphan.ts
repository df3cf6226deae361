/** What kinds of things tasks leave. */
export type OrphanKind = "process" | "mount" | "chroot" | "cache" | "work" | "file" | "results" | "lease";

/** Something that no living task needs, and what became of it. */
export interface OrphanRecord {
  kind: OrphanKind;
  /** A path; of a process its command line. */
  name: string;
  /** Of a process. */
  pid: number | null;
  /** The slot that it belongs to; null where that is none. */
  slot: number | null;
  /** Why nobody needs it. */
  reason: string;
  /** Bytes on the disk, where that was measured. */
  size: number | null;
  /** "found": nothing was done to it, as --dry-run asks. */
  outcome: "found" | "removed" | "failed";
  /** Why it could not be removed, one sentence. */
  error: string | null;
}

/** Something that was found, and how it is removed. */
export interface Orphan {
  kind: OrphanKind;
  name: string;
  reason: string;
  pid?: number;
  slot?: number;
  size?: number | undefined;
  /** Throws CoprError where it can't be done. */
  remove(): Promise<void>;
}

/** Takes what the searches find. */
export interface Sweep {
  isDryRun: boolean;
  /** Removes it unless only a list is wanted, and tells of it; never throws. */
  take(orphan: Orphan): Promise<void>;
  /** Does a part of the search; its failure is told, and the others go on. */
  part(work: () => Promise<void>): Promise<void>;
}
