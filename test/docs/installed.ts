import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program is there to be run; tests that need one say so in their names and are skipped without it. */
export function isInstalled(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
