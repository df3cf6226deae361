import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { SCRUB_PREFIX, scrubPlaces } from "../buildroot/scrub-config.ts";
import type { BuilderHost } from "../options.ts";
import { removeByName } from "../state/clean-state.ts";
import type { Sweep } from "./orphan.ts";

/** What uses such a directory is over long before. */
const OLD_MS = 60 * 60 * 1000;

/** Removes this user's directories for the removal of chroots that a killed program has left. */
export async function sweepTemporaryFiles(_host: BuilderHost, sweep: Sweep): Promise<void> {
  for (const place of scrubPlaces()) {
    const names = (await readdir(place).catch(() => [])).filter((name) => name.startsWith(SCRUB_PREFIX));
    for (const path of names.map((name) => join(place, name))) {
      const info = await lstat(path).catch(() => undefined);
      if (!info?.isDirectory() || info.uid !== process.getuid?.() || info.mtimeMs + OLD_MS > Date.now()) continue;
      await sweep.take({ kind: "file", name: path, reason: "the program that made it is over", remove: () => removeByName(path) });
    }
  }
}
