import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { Shape } from "../../core/records/shape.ts";
import { formatTime, latestExpiration, readExpiration } from "../host/expiration.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { addOutputOptions, type OutputOptions, openOutput } from "../output.ts";

/** How long a machine stays with the user it was lent to, and what it does. */
export interface MachineRecord {
  /** When it goes away, epoch seconds; null where it was not lent to anybody. */
  expires_on: number | null;
  /** Seconds until then, 0 when it is over. */
  remaining: number | null;
  /** The processes that do a task, one for each busy slot. */
  pids: number[];
}

const machineShape: Shape<MachineRecord> = { fields: { expires_on: "shown", remaining: "shown", pids: "shown" } };

/** `show`: how long the machine stays, and what it does. */
export function show(): Command {
  const command = addHostOptions(new Command("show"))
    .summary("tell how long this machine stays with its user, and which process does a task")
    .addHelpText("after", "\nExample:\n  copr-builder show");
  return addOutputOptions(command, machineShape).action(async (options: HostOptions & OutputOptions) => {
    const output = openOutput(options, machineShape);
    const { settings, slots } = await readHost(options, { isReader: true });
    const end = await readEnd(settings.expirationPath);
    const pids = (await Promise.all(slots.map(({ pid }) => readPid(pid)))).filter((pid) => pid !== undefined);
    const record = {
      expires_on: end?.expiration ?? null,
      remaining: end === undefined ? null : Math.max(0, end.left),
      pids: pids.map(Number),
    };
    const text = `Remaining time for the machine: ${remainingTime(end)}\nCurrent copr-rpmbuild PID: ${pids.join(", ") || "None"}\n`;
    await output.record(record, text);
  });
}

/** The end of a lease. */
interface End {
  expiration: number;
  /** The file asks for more than copr-backend grants. */
  isCut: boolean;
  /** What the file asks for has passed. */
  isOver: boolean;
  /** Seconds. */
  left: number;
}

async function readEnd(path: string): Promise<End | undefined> {
  const asked = await readExpiration(path);
  if (asked === undefined) return undefined;
  const latest = await latestExpiration();
  const expiration = Math.min(asked, latest ?? asked);
  const now = Date.now() / 1000;
  return { expiration, isCut: expiration < asked, isOver: asked < now, left: expiration - now };
}

function remainingTime(end: End | undefined): string {
  if (end === undefined) return "unknown";
  const { expiration, isCut, isOver, left } = end;
  if (isOver) return "expired";
  if (isCut) return formatTime(expiration);
  const part = (unit: number, of = Number.POSITIVE_INFINITY): number => Math.floor((left % of) / unit);
  return `${part(86_400)} days, ${part(3600, 86_400)} hours, ${part(60, 3600)} minutes, ${part(1, 60)} seconds`;
}

async function readPid(path: string): Promise<string | undefined> {
  const text = await readFile(path, "latin1").catch(() => "");
  return /^\d{1,10}$/.test(text) ? text : undefined;
}
