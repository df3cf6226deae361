#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * `node scripts/setup.js demo|test`: looks for the system programs that the
 * demo or the tests run. As root it installs the missing ones with apt-get or
 * dnf; as another user it says what to type. It has no dependencies and needs
 * no build, because it runs before both.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * One thing that must be there.
 * @typedef {object} Need
 * @property {string[]} anyOf  programs, or absolute paths of files; one is enough
 * @property {string} debian   the Debian package
 * @property {string} fedora   the Fedora package
 */

/** @type {Need[]} */
const DEMO = [
  { anyOf: ["rpmbuild"], debian: "rpm", fedora: "rpm-build" },
  { anyOf: ["git"], debian: "git", fedora: "git-core" },
  { anyOf: ["gcc"], debian: "gcc", fedora: "gcc" },
  // Debian's gcc only recommends the C headers, so they are a need of their own.
  { anyOf: ["/usr/include/stdio.h"], debian: "libc6-dev", fedora: "glibc-devel" },
  { anyOf: ["make"], debian: "make", fedora: "make" },
  { anyOf: ["tar"], debian: "tar", fedora: "tar" },
  { anyOf: ["flock"], debian: "util-linux", fedora: "util-linux-core" },
];

/**
 * A module of the system's own Python.
 * @param {string} name
 * @returns {Need}
 */
function pythonModule(name) {
  const fedora = ["12", "13", "14", "15"].map((minor) => `/usr/lib/python3.${minor}/site-packages/${name}`);
  return { anyOf: [`/usr/lib/python3/dist-packages/${name}`, ...fedora], debian: `python3-${name}`, fedora: `python3-${name}` };
}

/** What each purpose needs. @type {Record<string, Need[]>} */
export const NEEDS = {
  demo: DEMO,
  test: [
    ...DEMO,
    { anyOf: ["sshd"], debian: "openssh-server", fedora: "openssh-server" },
    { anyOf: ["ssh"], debian: "openssh-client", fedora: "openssh-clients" },
    { anyOf: ["ssh-keygen"], debian: "openssh-client", fedora: "openssh" },
    { anyOf: ["curl"], debian: "curl", fedora: "curl" },
    { anyOf: ["rsync"], debian: "rsync", fedora: "rsync" },
    // The system's own, whatever a version manager has in PATH.
    { anyOf: ["/usr/bin/python3"], debian: "python3", fedora: "python3" },
    { anyOf: ["svnadmin"], debian: "subversion", fedora: "subversion" },
    { anyOf: ["/usr/lib/git-core/git-svn", "/usr/libexec/git-core/git-svn"], debian: "git-svn", fedora: "git-svn" },
    // For an emulation of how mock reads its configuration.
    pythonModule("jinja2"),
    // rpm's generator of python3dist() does nothing without it.
    pythonModule("packaging"),
    { anyOf: ["cpio", "rpm2cpio"], debian: "cpio", fedora: "cpio" },
    // Shells whose completion is tested, beside bash.
    { anyOf: ["zsh"], debian: "zsh", fedora: "zsh" },
    { anyOf: ["fish"], debian: "fish", fedora: "fish" },
    // What a board is drawn under.
    { anyOf: ["tmux"], debian: "tmux", fedora: "tmux" },
    { anyOf: ["script"], debian: "bsdutils", fedora: "/usr/bin/script" },
    { anyOf: ["createrepo_c"], debian: "createrepo-c", fedora: "createrepo_c" },
    // What says that a mirror is down.
    { anyOf: ["dnf"], debian: "dnf", fedora: "dnf" },
    { anyOf: ["shellcheck"], debian: "shellcheck", fedora: "ShellCheck" },
    // What an example of a hook puts tasks into.
    { anyOf: ["redis-server", "valkey-server"], debian: "redis-server", fedora: "valkey" },
    { anyOf: ["logrotate"], debian: "logrotate", fedora: "logrotate" },
    { anyOf: ["man"], debian: "man-db", fedora: "man-db" },
    // A Kerberos realm for the tests, and what compiles the optional npm package that logs in to it.
    { anyOf: ["krb5kdc"], debian: "krb5-kdc", fedora: "krb5-server" },
    { anyOf: ["kadmin.local"], debian: "krb5-admin-server", fedora: "krb5-server" },
    { anyOf: ["kinit"], debian: "krb5-user", fedora: "krb5-workstation" },
    { anyOf: ["/usr/include/gssapi/gssapi.h"], debian: "libkrb5-dev", fedora: "krb5-devel" },
    { anyOf: ["g++"], debian: "g++", fedora: "gcc-c++" },
  ],
};

/**
 * The directories to look in: PATH, and those that it often leaves out.
 * @returns {string[]}
 */
export function searchPath() {
  const path = (process.env.PATH ?? "").split(delimiter).filter((dir) => dir !== "");
  return [...path, "/usr/sbin", "/sbin", "/usr/bin"];
}

/**
 * Whether file is an executable program.
 * @param {string} file
 */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Whether a program is in one of dirs, or the file is there if name is absolute.
 * @param {string} name
 * @param {string[]} dirs
 */
function isThere(name, dirs) {
  return isAbsolute(name) ? existsSync(name) : dirs.some((dir) => isProgram(join(dir, name)));
}

/**
 * The needs that are not met.
 * @param {Need[]} needs
 * @param {string[]} dirs
 */
export function missing(needs, dirs) {
  return needs.filter(({ anyOf }) => !anyOf.some((name) => isThere(name, dirs)));
}

/**
 * The commands that install what is missing; none on an unknown distribution.
 * @param {Need[]} needs
 * @param {string[]} dirs
 * @returns {string[][]}
 */
export function installCommands(needs, dirs) {
  if (isThere("apt-get", dirs)) {
    const packages = new Set(needs.map(({ debian }) => debian));
    const install = ["apt-get", "install", "-y", "--no-install-recommends", ...packages];
    return [["apt-get", "update"], install];
  }
  if (isThere("dnf", dirs)) {
    return [["dnf", "install", "-y", ...new Set(needs.map(({ fedora }) => fedora))]];
  }
  return [];
}

/**
 * Runs one command, with its output on standard error.
 * @param {string[]} command
 * @param {string[]} dirs  its PATH: dpkg does not run without /sbin
 * @returns {boolean} whether it went well
 */
function run([program = "", ...args], dirs) {
  console.error(`setup: running ${[program, ...args].join(" ")}`);
  const env = { ...process.env, PATH: dirs.join(delimiter), DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(program, args, { env, stdio: ["ignore", 2, 2] }).status === 0;
}

/**
 * Does the work of the command line.
 * @param {string | undefined} purpose
 * @returns {number} the exit status
 */
function main(purpose) {
  const needs = Object.entries(NEEDS).find(([name]) => name === purpose)?.[1];
  if (needs === undefined) {
    console.error("Usage: node scripts/setup.js demo|test");
    return 2;
  }
  const dirs = searchPath();
  let lacking = missing(needs, dirs);
  if (lacking.length === 0) return 0;

  const commands = installCommands(lacking, dirs);
  if (commands.length > 0 && process.getuid?.() === 0) {
    const installed = commands.every((command) => run(command, dirs));
    lacking = missing(needs, dirs);
    if (lacking.length === 0) return 0;
    if (!installed) console.error("setup: the installation failed");
  }
  const names = lacking.map(({ anyOf }) => anyOf.join(" or ")).join(", ");
  const typed = commands.map((command) => ["sudo", ...command].join(" ")).join(" && ");
  const advice = typed === "" ? "Install them and try again." : `Install with: ${typed}`;
  console.error(`setup: missing for the ${purpose}: ${names}. ${advice}`);
  return 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv[2]);
}
