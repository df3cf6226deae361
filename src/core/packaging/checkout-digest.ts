import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readInput } from "../files/input.ts";
import { capture } from "../process/run.ts";

const MAX_LIST_BYTES = 1024 * 1024;

/**
 * A digest of what a checkout's source package is made of, as far as that can be told without running anything of it: the spec
 * file, the sources and patches beside it, the list of those in a lookaside cache, and the commit, of which the project's own
 * tarball is made. Sources that were fetched into the checkout, and whatever else lies there, do not count.
 *
 * @param spec path of the spec file
 */
export async function digestOfCheckout(directory: string, spec: string): Promise<string> {
  const hash = createHash("sha256");
  const text = await readFile(spec, "latin1");
  hash.update(text);
  const { exitCode, stdout } = await capture(["git", "-C", directory, "rev-parse", "--quiet", "--verify", "HEAD:./"]);
  if (exitCode === 0) hash.update(stdout);
  const isSource = sourceMatcher(text);
  for (const place of new Set([dirname(spec), directory].map((path) => join(path, ".")))) {
    const fetched = String(await readInput(join(place, "sources"), MAX_LIST_BYTES).catch(() => ""));
    hash.update(`\0sources\0${fetched}`);
    const entries = await readdir(place, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isFile() && isSource(entry.name) && !fetched.includes(entry.name))
      .map(({ name }) => name);
    for (const name of names.toSorted()) {
      hash.update(`\0${name}\0`);
      await pipeline(createReadStream(join(place, name)), hash, { end: false });
    }
  }
  return hash.digest("hex");
}

/** Tells names of files that a spec file may mean by its sources and patches; a macro stands for any text. */
function sourceMatcher(spec: string): (name: string) => boolean {
  const names = [...spec.matchAll(/^\s*(?:Source|Patch)\d*\s*:\s*(\S+)/gim)].map(
    ([, value]) => (value as string).split("/").at(-1) as string,
  );
  const patterns = names.map((name) => {
    const texts = name.split(/%(?:\{[^}]*\}|\w+)/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    return new RegExp(`^${texts.join(".*")}$`);
  });
  return (name) => patterns.some((pattern) => pattern.test(name));
}
