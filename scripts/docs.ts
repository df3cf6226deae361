import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generatedFiles, repository } from "./docs/generated-files.ts";

// Writes man pages, shell completion and the README's overview anew from the command trees.
for (const [path, content] of await generatedFiles()) {
  const target = join(repository, path);
  if ((await readFile(target, "utf8").catch(() => undefined)) === content) continue;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
  console.log(`written: ${path}`);
}
