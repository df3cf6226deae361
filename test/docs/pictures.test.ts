import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../scripts/docs/generated-files.ts";
import { pictures } from "../../scripts/docs/pictures.ts";
import { isInstalled } from "./installed.ts";

test.skipIf(!isInstalled("rpmbuild"))("the README's pictures are what the programs show now (needs rpmbuild)", async () => {
  const readme = await readFile(join(repository, "README.md"), "utf8");
  for (const [path, content] of await pictures()) {
    expect(content, `${path} is old: npm run docs:pictures`).toBe(await readFile(join(repository, path), "utf8"));
    expect(readme).toContain(`](${path})`);
    expect(content).not.toMatch(/127\.0\.0\.1|\/tmp\/|<script|<image|href/);
  }
});
