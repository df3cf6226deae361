import { rmSync } from "node:fs";
import { isLocked } from "../core/files.ts";
import { endTaskProcesses } from "./leftovers.ts";
import { findStateDirectory } from "./state-directory.ts";

/** Started by keeper-client.ts; see there. Arguments: state directory, mark of the task, pid of the builder. */
const [path, mark, pid] = process.argv.slice(2);
let farewell = "";
for await (const chunk of process.stdin) farewell += String(chunk);

if (farewell !== "done\n" && path !== undefined && mark !== undefined) {
  await endTaskProcesses(mark, { isGentle: true });
  const directory = await findStateDirectory(path);
  // Unless the next task has begun meanwhile, nothing may look as if one ran.
  if (!(await isLocked(directory.lock))) {
    const { readFileSync } = await import("node:fs");
    const isOurs = ((): boolean => {
      try {
        return readFileSync(directory.pid, "latin1") === pid;
      } catch {
        return true;
      }
    })();
    if (isOurs) for (const file of [directory.running, directory.pid, directory.loggerPid]) rmSync(file, { force: true });
  }
}
