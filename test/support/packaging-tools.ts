import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("packaging-tools.py", import.meta.url));

type Tool = "rpkg" | "tito" | "pyp2rpm" | "pyp2spec" | "gem2rpm" | "rpmautospec";

/** Puts stand-ins of these tools into a directory. */
export async function linkTools(directory: string, ...names: Tool[]): Promise<void> {
  for (const name of names) await symlink(program, join(directory, name));
}

/** Puts stand-ins of these tools first on PATH; the result takes them away again. */
export async function installTools(...names: Tool[]): Promise<() => Promise<void>> {
  const before = process.env["PATH"];
  const directory = await mkdtemp(join(tmpdir(), "copr-tools-"));
  await linkTools(directory, ...names);
  process.env["PATH"] = `${directory}:${before}`;
  return async () => {
    process.env["PATH"] = before;
    await rm(directory, { recursive: true });
  };
}
