import { readdir, readFile } from "node:fs/promises";

/** Whether a process still runs; a zombie does not: it only waits for its parent to look. */
export async function isAlive(pid: number | string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  return stat !== undefined && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** Living processes whose command line or environment holds a text, e.g. the name of a test's directory. */
export async function processesMentioning(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
    const words = await Promise.all(["cmdline", "environ"].map((file) => readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "")));
    if (words.some((one) => one.includes(text)) && (await isAlive(pid))) found.push(`${pid} ${String(words[0]).replaceAll("\0", " ")}`);
  }
  return found;
}

/** Waits until something holds; fails after the time, which is long: machines that test have much else to do. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean, timeoutMs = 100_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
