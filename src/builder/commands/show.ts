import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { formatTime, latestExpiration, readExpiration } from "../host/expiration.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { print } from "../terminal.ts";

/** `show`: how long the machine stays, and what it does. */
export function show(): Command {
  return addHostOptions(new Command("show"))
    .summary("tell how long this machine stays with its user, and which process does a task")
    .addHelpText("after", "\nExample:\n  copr-builder show")
    .action(async (options: HostOptions) => {
      const { settings, slots } = await readHost(options, { isReader: true });
      print(`Remaining time for the machine: ${await remainingTime(settings.expirationPath)}\n`);
      const pids = await Promise.all(slots.map(({ pid }) => readPid(pid)));
      print(`Current copr-rpmbuild PID: ${pids.filter((pid) => pid !== undefined).join(", ") || "None"}\n`);
    });
}

async function remainingTime(path: string): Promise<string> {
  const expiration = await readExpiration(path);
  if (expiration === undefined) return "unknown";
  const left = expiration - Date.now() / 1000;
  if (left < 0) return "expired";
  const latest = await latestExpiration();
  if (latest !== undefined && expiration > latest) return formatTime(latest);
  const part = (unit: number, of = Number.POSITIVE_INFINITY): number => Math.floor((left % of) / unit);
  return `${part(86_400)} days, ${part(3600, 86_400)} hours, ${part(60, 3600)} minutes, ${part(1, 60)} seconds`;
}

async function readPid(path: string): Promise<string | undefined> {
  const text = await readFile(path, "latin1").catch(() => "");
  return /^\d{1,10}$/.test(text) ? text : undefined;
}
