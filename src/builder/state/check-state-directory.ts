import { dirname } from "node:path";
import { CoprError } from "../../core/errors.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * Throws CoprError where no task can work: on a file system of the kernel's; with characters that rpm's macros, its
 * scripts or mock's options read as their own; with results or work files in a directory that holds more than those,
 * as both are removed.
 */
export function checkStateDirectory({ path, results, workspace, ...others }: StateDirectory): void {
  const files = [others.status, others.lock, others.mainLog, others.pid, others.loggerPid];
  for (const one of [path, results, workspace, ...files.map((file) => dirname(file))]) {
    if (/^\/(proc|sys|dev)(\/|$)(?!shm\/)/.test(one))
      throw new CoprError(`The state directory can't be below ${one.slice(0, 5)}: '${one}'`);
    const odd = /[^\p{L}\p{N}\p{M}/._+@=:,~-]/u.exec(one);
    if (odd) {
      throw new CoprError(`The state directory can't be '${one}': rpm does not bear ${nameOf(odd[0])} in paths`, {
        hint: "Choose another by --state-dir, or in the configuration.",
      });
    }
  }
  for (const [name, emptied] of Object.entries({ resultdir: results, workspace })) {
    const other = [path, results, workspace, ...files].find(
      (one) => one !== emptied && `${one}/`.startsWith(`${emptied}/`.replace("//", "/")),
    );
    const lost = other ?? (results === workspace || emptied === path ? path : undefined);
    if (lost) throw new CoprError(`The ${name} '${emptied}' can't be used: it is emptied at each task, and '${lost}' lies in it`);
  }
}

function nameOf(character: string): string {
  if (/\s/.test(character)) return "blanks";
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(character) ? "control characters" : `'${character}'`;
}
