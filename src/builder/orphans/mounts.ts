import { constants } from "node:fs";
import { open, readFile, readlink } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { CoprError } from "../../core/errors.ts";
import { capture } from "../../core/process/run.ts";
import type { Orphan, Sweep } from "./orphan.ts";

/** Where something is mounted, in the order in which that was done. */
async function mountPoints(): Promise<string[]> {
  const table = await readFile("/proc/self/mountinfo", "utf8");
  return table
    .split("\n")
    .flatMap((line) => line.split(" ")[4] ?? [])
    .map((word) => word.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
}

/** Unmounts what is mounted on a directory and below it, the last first. Only root can. */
export async function sweepMounts(directory: string, sweep: Sweep, about: Pick<Orphan, "reason" | "slot">): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const points = (await mountPoints()).filter((point) => `${point}/`.startsWith(`${directory}/`)).toReversed();
  for (const point of points) await sweep.take({ ...about, kind: "mount", name: point, remove: () => unmount(point) });
}

/**
 * Unmounts by a descriptor of the directory that the mount point is in, since others may put a link to somewhere else
 * into the path meanwhile. What is busy goes when nobody uses it any more, and is out of the way until then.
 */
async function unmount(point: string): Promise<void> {
  const parent = await open(dirname(point), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    if ((await readlink(`/proc/self/fd/${parent.fd}`)) !== dirname(point)) throw new CoprError("The path to it leads elsewhere by now");
    const words = ["--no-canonicalize", "--internal-only", `/proc/self/fd/3/${basename(point)}`];
    for (const more of [[], ["--lazy"]]) {
      const { exitCode, stderr } = await capture(["umount", ...more, ...words], { inherit: [parent.fd], cwd: "/" });
      if (exitCode === 0) return;
      if (more.length > 0) throw new CoprError(`umount failed: ${stderr.toString().trim().split("\n").at(-1) ?? ""}`);
    }
  } finally {
    await parent.close();
  }
}
