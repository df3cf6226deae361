import { appendFile, chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuilderHost } from "./builder-host.ts";

/** Where the hooks of a builder host of a test are. */
export function hooksDirectory({ directory }: BuilderHost): string {
  return join(directory, "hooks", "complete.d");
}

/** Adds a hook that is a program of these lines for `sh`; resolves to its path. */
export async function addHook(host: BuilderHost, name: string, lines: string, mode = 0o755): Promise<string> {
  const directory = hooksDirectory(host);
  await mkdir(directory, { recursive: true });
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, mode);
  return path;
}

/** Lines of a hook that keep what it reads, one document a line, where `documentsOf` finds them. */
export function keepingLines(host: BuilderHost, name = "told"): string {
  return `cat >>'${join(host.directory, name)}'`;
}

/** What a hook has kept. */
export async function documentsOf(host: BuilderHost, name = "told"): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(host.directory, name), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What the host's log tells of hooks, without the times. */
export async function hookLog(host: BuilderHost): Promise<string[]> {
  const text = await readFile(join(host.stateDirectory, "hooks.log"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.slice(line.indexOf(" ") + 1));
}

/** More settings for a host that is there already. */
export async function addSettings({ config }: BuilderHost, lines: string): Promise<void> {
  await appendFile(config, `${lines}\n`);
}
