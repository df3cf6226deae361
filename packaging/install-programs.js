// Installs some of the programs for a package:
//
//   node packaging/install-programs.js [--node INTERPRETER] BUILDROOT DIRECTORY NAME...
//
// DIRECTORY gets their launchers and those of the bundles that they load, /usr/bin a link to each launcher. A NAME is one of
// package.json's "bin", or with a "*" at its end all that begin so. Prints the links, as a list for %files.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({ options: { node: { type: "string", default: "/usr/bin/node" } }, allowPositionals: true });
const [buildroot = "", directory = "", ...wanted] = positionals;
const { bin, name, version, license, engines } = JSON.parse(readFileSync("package.json", "utf8"));
const programs = wanted.flatMap(programsCalled);
const launchers = new Set(programs.map((program) => bin[program]));

for (const part of ["bin", "dist"]) mkdirSync(join(buildroot, directory, part), { recursive: true });
// Node takes the kind of the modules from it: those of the programs are CommonJS.
const installed = { name, version, license, type: "commonjs", engines };
writeFileSync(join(buildroot, directory, "package.json"), `${JSON.stringify(installed, null, 2)}\n`);
for (const launcher of launchers) installLauncher(launcher);
for (const file of loadedBy(launchers)) copyFileSync(join("dist", file), join(buildroot, directory, "dist", file));
mkdirSync(join(buildroot, "usr/bin"), { recursive: true });
for (const program of programs) installLink(program);

/** @param {string} wanted */
function programsCalled(wanted) {
  const found = Object.keys(bin).filter((program) => (wanted.endsWith("*") ? program.startsWith(wanted.slice(0, -1)) : program === wanted));
  if (found.length === 0 && !wanted.endsWith("*")) throw new Error(`package.json has no program ${wanted}`);
  return found;
}

/**
 * With the interpreter's path in the first line: a package's programs must not depend on its caller's PATH.
 * @param {string} launcher
 */
function installLauncher(launcher) {
  const target = join(buildroot, directory, launcher);
  writeFileSync(target, readFileSync(launcher, "utf8").replace(/^#!.*/, `#!${values.node}`));
  chmodSync(target, 0o755);
}

/** @param {string} program */
function installLink(program) {
  const link = join("/usr/bin", program);
  symlinkSync(relative(dirname(link), join(directory, bin[program])), join(buildroot, link));
  process.stdout.write(`${link}\n`);
}

/**
 * The bundles that some files load. Each name of a bundle in the text counts: a file too many does no harm.
 * @param {Iterable<string>} files
 */
function loadedBy(files) {
  const bundles = new Set(readdirSync("dist").filter((file) => file.endsWith(".cjs")));
  /** @type {Set<string>} */
  const found = new Set();
  const unread = [...files];
  for (let file = unread.pop(); file !== undefined; file = unread.pop()) {
    for (const [mentioned] of readFileSync(file, "utf8").matchAll(/[\w-]+\.cjs\b/g)) {
      if (!bundles.has(mentioned) || found.has(mentioned)) continue;
      found.add(mentioned);
      unread.push(join("dist", mentioned));
    }
  }
  return found;
}
