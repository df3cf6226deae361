import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { parsePastTime, pastTimeHint } from "../core/text/past-time.ts";
import { CoprError, UsageError } from "../core/errors.ts";
import { readSettings, type Settings } from "./settings.ts";
import { findStatePath, slotsAt, type StateDirectory, type StateUser } from "./state/state-directory.ts";
import { isBuilderRunning, readStatus, type TaskStatus } from "./state/status.ts";

/** What every command of the builder takes. */
export interface HostOptions {
  config?: string | undefined;
  stateDir?: string | undefined;
  /** Counted from 1. */
  slot?: number | undefined;
}

/** A builder as its configuration tells it. */
export interface BuilderHost {
  settings: Settings;
  /** At least one. */
  slots: readonly StateDirectory[];
}

/** Adds the options that say which builder of this host is meant. */
export function addHostOptions(command: Command): Command {
  return command
    .option("--config <path>", "configuration instead of /etc/copr-rpmbuild/main.ini")
    .option("--state-dir <directory>", "where log, status and results are, or go");
}

/** Adds the option that says which task of a builder with several slots is meant. */
export function addSlotOption(command: Command): Command {
  return command.option("--slot <number>", "which of several tasks, where the configuration has slots", slotNumber);
}

/** The settings and the slots the options lead to; all commands agree on them. The signal ends the wait for a configuration that is a pipe. */
export async function readHost({ config, stateDir }: HostOptions, user: StateUser = {}, signal?: AbortSignal): Promise<BuilderHost> {
  if (stateDir === "") throw new UsageError("The value of --state-dir is empty");
  const settings = await readSettings(config, { signal });
  // Who names a directory means all of it.
  const explicit = stateDir === undefined ? settings.stateDirectory : resolve(stateDir);
  const paths = stateDir === undefined ? settings.statePaths : {};
  return { settings, slots: slotsAt(await findStatePath(explicit, user), settings.slots, paths) };
}

/**
 * The settings and the one slot that is meant: the named one; else the only one that has a task running; else the one
 * whose task began last. Throws UsageError where that leaves a choice.
 */
export async function readHostOptions(options: HostOptions): Promise<{ settings: Settings; directory: StateDirectory }> {
  const host = await readHost(options, { isReader: true });
  return { settings: host.settings, directory: await chooseSlot(host, options.slot) };
}

/** The slot of this number. Throws UsageError where there is none. */
export function slotOfNumber({ slots }: BuilderHost, number: number): StateDirectory {
  const slot = slots[number - 1];
  if (slot) return slot;
  throw new UsageError(`There is no slot ${number}: this builder has ${slots.length === 1 ? "only one" : slots.length}`, {
    hint: "The key 'slots' of the configuration tells how many there are.",
  });
}

async function chooseSlot(host: BuilderHost, number: number | undefined): Promise<StateDirectory> {
  if (number !== undefined) return slotOfNumber(host, number);
  const [first, ...others] = host.slots as [StateDirectory, ...StateDirectory[]];
  if (others.length === 0) return first;
  const found: { directory: StateDirectory; status: TaskStatus }[] = [];
  for (const directory of host.slots) {
    const status = await readStatus(directory);
    if (status) found.push({ directory, status });
  }
  const running = found.filter(({ status }) => status.ended_on === null && isBuilderRunning(status));
  if (running.length > 1) {
    throw new CoprError(`Several tasks are running here, in the slots ${running.map(({ directory }) => directory.slot).join(", ")}`, {
      hint: "Name one of them by --slot.",
    });
  }
  const latest = found.toSorted((a, b) => b.status.started_on - a.status.started_on);
  return (running[0] ?? latest[0])?.directory ?? first;
}

function slotNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("It is no number of a slot.");
  return Number(text);
}

/** Reads an option that is a time in the past, as epoch seconds. */
export function pastTime(text: string): number {
  const time = parsePastTime(text);
  if (time === undefined) throw new InvalidArgumentError(pastTimeHint);
  return time;
}
