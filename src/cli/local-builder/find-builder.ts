import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CoprError } from "../../core/errors.ts";
import { findProgram } from "../../core/process/find-program.ts";

/** Names of the builder's program that do a task on this machine. */
export type BuilderName = "copr-builder" | "copr-rpmbuild";

/**
 * The words that start the builder: the one of copr-cli's own installation, one that is installed beside it, or the one on
 * PATH. Throws CoprError where there is none.
 */
export async function findBuilder(name: BuilderName): Promise<string[]> {
  const ours = process.argv[1] ?? "";
  const launcher = await findProgram(join(dirname(await realpath(ours).catch(() => ours)), `${name}.js`));
  if (launcher !== undefined) return [process.execPath, launcher];
  const installed = (await findProgram(join(dirname(ours), name))) ?? (await findProgram(name));
  if (installed !== undefined) return [installed];
  throw new CoprError(`The program '${name}', which builds packages on this machine, is not installed`, {
    hint: "Install it: sudo dnf install copr-rpmbuild",
  });
}

/** Throws CoprError where mock is not installed. */
export async function requireMock(): Promise<void> {
  if ((await findProgram("mock")) !== undefined) return;
  throw new CoprError("The program 'mock', which makes the chroot of a build, is not installed", {
    hint:
      "Install it and join its group: sudo dnf install mock && sudo usermod -a -G mock $USER. " +
      "With --host the build runs on this machine itself, without a chroot and without isolation.",
  });
}
