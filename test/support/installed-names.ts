import { mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Makes a directory that has every program under the name it is installed by; resolves to a PATH that begins with it. */
export async function installNames(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const { bin } = JSON.parse(await readFile(join(repository, "package.json"), "utf8")) as { bin: Record<string, string> };
  for (const [name, launcher] of Object.entries(bin)) await symlink(join(repository, launcher), join(directory, name));
  // The launchers' `env node` must find the very Node the tests run on.
  return `${directory}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;
}
