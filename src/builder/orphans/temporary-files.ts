import { lstat, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuilderHost } from "../options.ts";
import { removeByName } from "../state/clean-state.ts";
import type { Sweep } from "./orphan.ts";

/** What uses such a directory is over long before. */
const OLD_MS = 60 * 60 * 1000;

/** Removes this user's directories for the removal of chroots that a killed program has left. */
export async function sweepTemporaryFiles(_host: BuilderHost, sweep: Sweep): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => /^copr-scrub-\w{6}$/.test(name));
  for (const name of names) {
    const path = join(tmpdir(), name);
    const info = await lstat(path).catch(() => undefined);
    if (!info?.isDirectory() || info.uid !== process.getuid?.() || info.mtimeMs + OLD_MS > Date.now()) continue;
    await sweep.take({ kind: "file", name: path, reason: "the program that made it is over", remove: () => removeByName(path) });
  }
}
