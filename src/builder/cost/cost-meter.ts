import { constrainedMemory } from "node:process";
import { totalmem, uptime } from "node:os";
import { type ProcessUsage, readUsage, writtenBytes } from "../../core/process/usage.ts";
import { Budget } from "./budget.ts";
import { cgroupOf, ownMemoryCgroup } from "./cgroup-places.ts";
import { monotonicMs } from "./clock.ts";
import type { CgroupLimits, TaskCgroup } from "./cgroup.ts";
import { DiskWatch } from "./full-disk.ts";
import { type Grown, Growth } from "./growth.ts";
import { hostKills, type KernelKill, killsInKernelLog } from "./kernel-log.ts";
import { MemoryEstimator } from "./memory-estimate.ts";
import { ReapedAccount, type Used } from "./reaped-account.ts";
import type { LargeProcess, TaskCost, Usage } from "./task-cost.ts";
import { TaskProcesses } from "./task-processes.ts";

/** Figures of two looks differ by so much without a reason: the kernel tells hundredths of seconds, rounded down. */
const CPU_NOISE_SECONDS = 0.05;
const WRITTEN_NOISE_BYTES = 65_536;
/** In a cgroup the processes are listed again when the memory has grown by this. */
const GROWTH = 1.03;

/** A hundredth of a processor is what is promised for all of the measuring. */
const LOOKS = { share: 0.005, advanceSeconds: 0.02, leastMs: 100 };

/** Where a phase began, and the largest that was seen in it. */
interface Phase {
  state: string;
  beganMs: number;
  cpuSeconds: { byCgroup: number; bySampling: number };
  written: number;
  /** Of the cgroup so far; undefined where it could be forgotten at the beginning of the phase. */
  peakBefore: number | undefined;
  /** Highest of the cgroup's memory that was seen, and of the processes' own. */
  seen: { byCgroup: number; bySampling: number };
  largest: LargeProcess[];
  largestAt: number;
}

/** What a failed task says of itself that speaks for a kill. */
export interface SignsOfKill {
  /** Its log, its exit status or its peak memory does. */
  isSuspected: boolean;
  /** Its log names no cause, so that a kill in the builder's own memory cgroup is the likeliest one. */
  isUnexplained: boolean;
}

/**
 * Measures what a task costs. Where the host allows, its programs get a cgroup and the kernel counts; in any case the builder
 * looks at the task's processes now and then, for the largest ones, and in case they leave that cgroup, as containers of
 * systemd do.
 */
export class CostMeter {
  readonly disks: DiskWatch;
  readonly #budget = new Budget(LOOKS);
  readonly #growth = new Growth((grown) => this.#grew(grown));
  /**
   * What the processes had at the last look, bytes, and what the largest one then had of its own; undefined where they were not
   * counted, as they had less than before.
   */
  #counted: { together: number; largest: number } | undefined;
  readonly #mark: string;
  readonly #uptime = uptime();
  readonly #hostKills = hostKills() ?? 0;
  /** By the kernel, for want of memory, in the task's cgroup. */
  #killed = 0;
  readonly #processes: TaskProcesses;
  readonly #estimator = new MemoryEstimator();
  readonly #cpu = new ReapedAccount(process.pid, reapedSeconds(), CPU_NOISE_SECONDS);
  readonly #written = new ReapedAccount(process.pid, writtenBytes("self") ?? 0, WRITTEN_NOISE_BYTES);
  readonly #cgroup: TaskCgroup | undefined;
  readonly #phases: TaskCost["phases"] = {};
  #memoryLimit = Math.min(constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
  /** Processes of the task are in another cgroup, so that the task's own does not tell all. */
  #hasEscaped = false;
  #phase: Phase;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Begins.
   * @param mark the value that marks the task's processes
   * @param places directories on the disks that the task writes to
   * @param cgroup a cgroup for the task, if there can be one
   */
  constructor({ mark, state, places, cgroup }: { mark: string; state: string; places: readonly string[]; cgroup: TaskCgroup | undefined }) {
    this.#mark = mark;
    this.disks = new DiskWatch(places);
    this.#processes = new TaskProcesses(mark);
    this.#cgroup = cgroup;
    this.#phase = this.#begin(state);
    this.#schedule();
  }

  /** The task's cgroup, if it has one. */
  get cgroup(): string | null {
    return this.#cgroup?.path ?? null;
  }

  /**
   * Whether the kernel has killed processes of the task for want of memory, and which, if its log can be read. Without a
   * cgroup that counts, a kill on this host in the time of the task is one of the task if the log says so, or else only by such
   * signs: a program may come and be ended between two looks, so that nobody has seen that it was one of the task.
   */
  kills({ isSuspected, isUnexplained }: SignsOfKill): { isSure: boolean; victims: KernelKill[] } {
    const isHosts = (hostKills() ?? 0) > this.#hostKills;
    const isSure = this.#killed > 0 || (isHosts && isSuspected);
    if (!isSure && !isHosts) return { isSure, victims: [] };
    const cgroup = isUnexplained ? ownMemoryCgroup() : undefined;
    const named = (isOurs: (pid: number) => boolean): KernelKill[] =>
      killsInKernelLog({ mark: this.#mark, cgroup, since: this.#uptime, isOurs });
    const victims = named((pid) => this.#processes.hasSeen(pid));
    return { isSure, victims: victims.length === 0 && isSuspected ? named(() => true) : victims };
  }

  /** Takes a program of the task that has just been started. */
  readonly admit = (pid: number): void => this.#cgroup?.admit(pid);

  /** Limits the task; returns the reasons of what can't be limited here. */
  readonly limit = (limits: CgroupLimits): Partial<Record<keyof CgroupLimits, string>> => {
    const reasons = this.#cgroup?.limit(limits) ?? { memory: NO_CGROUP, cpuWeight: NO_CGROUP };
    if (limits.memory !== undefined && reasons.memory === undefined) this.#memoryLimit = Math.min(this.#memoryLimit, limits.memory);
    return reasons;
  };

  /** A phase begins. Returns what the ones before it have cost. */
  enter(state: string): TaskCost {
    this.#budget.spend(() => this.#close());
    this.#phase = this.#begin(state);
    return this.#cost();
  }

  /** The last look. Returns what the task has cost. */
  finish(): TaskCost {
    this.#stop();
    this.#close();
    this.#killed = this.#cgroup?.killed() ?? 0;
    return this.#cost();
  }

  /** Lets the cgroup go. */
  async dispose(): Promise<void> {
    this.#stop();
    await this.#cgroup?.remove();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#growth.stop();
  }

  #schedule(waitMs = this.#budget.waitMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#budget.spend(() => this.#look());
      this.#schedule();
    }, waitMs).unref();
  }

  /** Looks at the processes of the task; returns them. */
  #look(): readonly ProcessUsage[] {
    const found = this.#processes.look();
    this.#cpu.update(reapedSeconds(), usedCpu(found));
    this.disks.look();
    this.#findEscaped(found);
    if (found.length > 0) this.#lookAtMemory(found);
    return found;
  }

  #lookAtMemory(found: readonly ProcessUsage[]): void {
    const { seen } = this.#phase;
    if (this.#isMemoryCounted) {
      seen.byCgroup = Math.max(seen.byCgroup, this.#cgroup?.memory() ?? 0);
      if (seen.byCgroup > this.#phase.largestAt * GROWTH) this.#noteLargest(this.#estimator.estimate(found).largest, seen.byCgroup);
      return;
    }
    const { missed, largest: first } = this.#estimator.missedPeak(found);
    this.#counted = undefined;
    // Whatever they share, together they have not more than this.
    const atMost = found.reduce((sum, { residentBytes }) => sum + residentBytes, missed);
    if (atMost > seen.bySampling) {
      const { bytes, largest } = this.#estimator.estimate(found);
      const together = bytes + missed;
      seen.bySampling = Math.max(seen.bySampling, together);
      this.#noteLargest(largest, together);
      if (first) this.#counted = { together, largest: first.now + missed };
    }
    if (first) this.#growth.follow(first, first.highest);
  }

  /** The largest process has grown since the last look. */
  #grew({ pid, name, bytes, by }: Grown): void {
    const { seen, largest } = this.#phase;
    const together = this.#counted ? this.#counted.together + bytes - this.#counted.largest : bytes;
    if (together <= seen.bySampling) return;
    const known = largest.find((one) => one.pid === pid && one.name === name);
    // More than ever in this phase, and nobody counted who else is there: time to look, but not at the expense of the glances.
    if (!known || !this.#counted) return this.#schedule(0);
    known.memory += by;
    seen.bySampling = together;
    this.#phase.largestAt = together;
  }

  /** Notes the largest processes if more is in use than when they were noted last. */
  #noteLargest(largest: LargeProcess[], bytes: number): void {
    if (bytes > this.#phase.largestAt) Object.assign(this.#phase, { largest, largestAt: bytes });
  }

  /** Takes in who has left the builder's own cgroup too late, and sees who is in another. */
  #findEscaped(found: readonly ProcessUsage[]): void {
    if (!this.#cgroup || this.#hasEscaped) return;
    const inside = this.#cgroup.processes();
    for (const { pid, residentBytes } of found) {
      if (inside.has(pid) || residentBytes === 0) continue;
      const where = cgroupOf(pid);
      if (where === cgroupOf(process.pid)) this.#cgroup.admit(pid);
      else if (where !== undefined && !this.#cgroup.holds(where)) this.#hasEscaped = true;
    }
  }

  get #isMemoryCounted(): boolean {
    return this.#cgroup?.hasMemory === true && !this.#hasEscaped;
  }

  get #isTimeCounted(): boolean {
    return this.#cgroup !== undefined && !this.#hasEscaped;
  }

  #begin(state: string): Phase {
    return {
      state,
      beganMs: monotonicMs(),
      cpuSeconds: { byCgroup: this.#cgroup?.cpuSeconds() ?? 0, bySampling: this.#cpu.total },
      written: this.#written.total,
      peakBefore: this.#cgroup?.forgetPeak() ? undefined : this.#cgroup?.peak(),
      seen: { byCgroup: 0, bySampling: 0 },
      largest: [],
      largestAt: 0,
    };
  }

  /** Adds up the phase that ends. */
  #close(): void {
    const processes = this.#look();
    const { state, beganMs, cpuSeconds, written, seen, largest } = this.#phase;
    this.#written.update(writtenBytes("self") ?? 0, usedDisk(processes));
    const before = this.#phases[state];
    const peak = this.#isMemoryCounted ? this.#countedPeak() : seen.bySampling || null;
    const cpu = this.#isTimeCounted ? (this.#cgroup?.cpuSeconds() ?? 0) - cpuSeconds.byCgroup : this.#cpu.total - cpuSeconds.bySampling;
    const isHigher = (peak ?? 0) > (before?.peak_memory ?? 0);
    this.#phases[state] = {
      wall_seconds: round((before?.wall_seconds ?? 0) + (monotonicMs() - beganMs) / 1000),
      cpu_seconds: round((before?.cpu_seconds ?? 0) + Math.max(0, cpu)),
      peak_memory: isHigher ? peak : (before?.peak_memory ?? null),
      written: (before?.written ?? 0) + Math.max(0, this.#written.total - written),
      largest: isHigher ? largest : (before?.largest ?? []),
    };
  }

  /** The kernel's peak, if it is of this phase: before 6.12 it can't forget that of another. */
  #countedPeak(): number | null {
    const { peakBefore, seen } = this.#phase;
    const peak = this.#cgroup?.peak();
    if (peak === undefined || (peakBefore !== undefined && peak <= peakBefore)) return seen.byCgroup || null;
    return peak;
  }

  #cost(): TaskCost {
    const phases = Object.values(this.#phases);
    const sum = (of: (usage: Usage) => number): number => phases.reduce((total, one) => total + of(one), 0);
    const highest = phases.reduce<Usage | undefined>(
      (one, other) => ((other.peak_memory ?? 0) > (one?.peak_memory ?? 0) ? other : one),
      undefined,
    );
    return {
      by: { cpu_seconds: this.#isTimeCounted ? "cgroup" : "sampling", peak_memory: this.#isMemoryCounted ? "cgroup" : "sampling" },
      wall_seconds: round(sum((one) => one.wall_seconds)),
      cpu_seconds: round(sum((one) => one.cpu_seconds)),
      peak_memory: highest?.peak_memory ?? null,
      memory_limit: this.#memoryLimit,
      written: sum((one) => one.written),
      largest: highest?.largest ?? [],
      phases: { ...this.#phases },
    };
  }
}

const NO_CGROUP = "the builder can't make a cgroup here";

function usedCpu(processes: readonly ProcessUsage[]): Map<number, Used> {
  return new Map(
    processes.map(({ pid, parent, startTime, cpuSeconds, reapedSeconds: reaped }) => [pid, { parent, startTime, own: cpuSeconds, reaped }]),
  );
}

function usedDisk(processes: readonly ProcessUsage[]): Map<number, Used> {
  return new Map(processes.map(({ pid, parent, startTime }) => [pid, { parent, startTime, own: 0, reaped: writtenBytes(pid) ?? 0 }]));
}

/** CPU seconds of all children that the builder has waited for. */
function reapedSeconds(): number {
  return readUsage(process.pid)?.reapedSeconds ?? 0;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
