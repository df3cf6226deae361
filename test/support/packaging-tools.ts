import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("packaging-tools.py", import.meta.url));

/** Puts stand-ins of these tools first on PATH; the result takes them away again. */
export async function installTools(
  ...names: ("rpkg" | "tito" | "pyp2rpm" | "pyp2spec" | "gem2rpm" | "rpmautospec")[]
): Promise<() => Promise<void>> {
  const before = process.env["PATH"];
  const directory = await mkdtemp(join(tmpdir(), "copr-tools-"));
  for (const name of names) await symlink(program, join(directory, name));
  process.env["PATH"] = `${directory}:${before}`;
  return async () => {
    process.env["PATH"] = before;
    await rm(directory, { recursive: true });
  };
}
