import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repository } from "./docs/generated-files.ts";
import { pictures } from "./docs/pictures.ts";

// Makes the README's pictures of a terminal anew, from builds in the sandbox.
for (const [path, content] of await pictures()) {
  await mkdir(dirname(join(repository, path)), { recursive: true });
  await writeFile(join(repository, path), content);
  console.log(`written: ${path}`);
}
