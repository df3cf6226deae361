import { mkdir, mkdtemp, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuilderHost } from "./builder-host.ts";
import { output, runProgram } from "./program.ts";

/** Whether this user may mount: in CI yes, as an ordinary user no. */
export async function canMount(): Promise<boolean> {
  const path = await mkdtemp(join(tmpdir(), "copr-probe-"));
  const { exitCode } = await runProgram(["mount", "-t", "tmpfs", "none", path]).catch(() => ({ exitCode: 1 }));
  if (exitCode === 0) await output(["umount", path]);
  await rmdir(path);
  return exitCode === 0;
}

/** A real small file system as the builder's state directory, until the host is closed. `options` are mount's. */
export async function mountDisk({ stateDirectory, cleanUps }: BuilderHost, options: string): Promise<void> {
  await mkdir(stateDirectory, { recursive: true });
  await output(["mount", "-t", "tmpfs", "-o", options, "none", stateDirectory]);
  cleanUps.push(() => output(["umount", "--lazy", stateDirectory]));
}
