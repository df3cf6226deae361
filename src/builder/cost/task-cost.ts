/**
 * Where a figure comes from. `cgroup`: the kernel counted it for the task's own cgroup. `sampling`: the builder looked at the
 * task's processes now and then, and at what the kernel tells of children that were waited for.
 */
type Source = "cgroup" | "sampling";

/** A process that was among the largest when most memory was in use. */
export interface LargeProcess {
  pid: number;
  /** The program's name, 15 bytes of it at most. */
  name: string;
  /** Resident memory in bytes; of shared pages its share, where that can be read. */
  memory: number;
}

/** What programs have used in some time. Those of the builder itself are not counted, but for what it has written. */
export interface Usage {
  wall_seconds: number;
  /** Time of the processors, all of them together. */
  cpu_seconds: number;
  /**
   * The most memory that was in use at a time, in bytes; null when no program ran, or none for long enough to be seen. By cgroup that is
   * `memory.peak`, cached files included, by sampling the resident memory of the processes.
   */
  peak_memory: number | null;
  /** Bytes that were written to files on disks. */
  written: number;
  /** The largest processes at the peak, the largest first. */
  largest: LargeProcess[];
}

/** What a task has cost. */
export interface TaskCost extends Usage {
  /** Where the figures come from; what is written is always counted by processes. */
  by: { cpu_seconds: Source; peak_memory: Source };
  /** Bytes of memory that the task could have: the limit of its cgroup or of the builder's, or what the machine has. */
  memory_limit: number;
  /** By the state of the task, in the order in which they began. */
  phases: Record<string, Usage>;
}
