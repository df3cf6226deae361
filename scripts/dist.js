// `npm run dist` packs copr-tools-VERSION.tar.gz: all sources, and in dist/ the programs bundled from them, so that packages
// can be built from it without npm and without a network. `--output DIRECTORY` says where; the archive's path is printed.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const repository = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { output: { type: "string", default: "." } } });
const { name, version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
const archive = resolve(values.output, `${name}-${version}.tar.gz`);

pack(
  [...sources(), ...bundles()].sort((a, b) => (a < b ? -1 : 1)),
  archive,
);
console.log(archive);

/** Every file that git knows, as it is in the working tree. */
function sources() {
  return run("git", ["ls-files", "-z"])
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(repository, path)));
}

/** What `npm run build` has written. */
function bundles() {
  const dist = join(repository, "dist");
  if (!existsSync(join(dist, "copr-cli.cjs"))) throw new Error("There is nothing in dist/: run 'npm run build' first");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => /\.c?[jt]s$/.test(file));
  return [...files, "THIRD-PARTY-LICENSES"].map((file) => join("dist", file));
}

/**
 * Packs files below one directory. The same sources give the same archive, whoever packs them and when.
 * @param {string[]} files
 * @param {string} target
 */
function pack(files, target) {
  const reproducible = ["--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX", `--mtime=@${sourceDate()}`];
  const placed = [`--transform=s,^,${name}-${version}/,S`, "--verbatim-files-from", "--null", "--files-from=-"];
  run("tar", ["--create", "--gzip", `--file=${target}`, ...reproducible, ...placed], files.join("\0"));
}

/** Seconds since 1970: of the last commit, or what the convention of https://reproducible-builds.org says. */
function sourceDate() {
  return process.env.SOURCE_DATE_EPOCH ?? run("git", ["log", "-1", "--format=%ct"]).trim();
}

/**
 * @param {string} program
 * @param {string[]} words
 * @param {string} [input]
 */
function run(program, words, input = "") {
  return execFileSync(program, words, { cwd: repository, input, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"] });
}
