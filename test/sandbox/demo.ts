import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { styleText } from "node:util";
import { findProgram } from "../../src/core/process/find-program.ts";
import { bin } from "../support/program.ts";
import { makeHelloSrpm } from "./hello-package.ts";
import { startSandbox } from "./sandbox.ts";

// Carries one real package through a Copr of its own: `npm run demo`.

const CHROOT = "fedora-43-x86_64";
const directory = await mkdtemp(join(tmpdir(), "copr-demo-"));
const home = join(directory, "home");
const buildroot = (await findProgram("mock")) ? "mock" : "host";

title("A Copr of our own");
const sandbox = await startSandbox({
  directory: join(directory, "sandbox"),
  builder: bin.builder,
  buildroot,
  onEvent: (line) => console.log(styleText("gray", `  [sandbox] ${line}`)),
});
console.log(`The sandbox frontend listens at ${sandbox.url}`);
console.log(
  buildroot === "mock"
    ? "Packages are built by mock, which is installed here."
    : "Packages are built by plain rpmbuild on this host, because mock is not installed here.",
);
await mkdir(join(home, ".config"), { recursive: true });
await writeFile(join(home, ".config", "copr"), sandbox.configText, { mode: 0o600 });

try {
  title("A source package with a real tarball, C code and a %check");
  const srpm = await makeHelloSrpm(join(directory, "hello"));
  console.log(srpm);

  title("A project, and a build in it");
  await copr("whoami");
  await copr("create", "hello", "--chroot", CHROOT, "--description", "Says hello");
  await copr("build", "hello", relative(directory, srpm), "--poll-interval", "1");
  await copr("status", "1");

  title("What is there now");
  await copr("download-build", "1", "--rpms", "--dest", "downloaded");
  const downloaded = join(directory, "downloaded", CHROOT);
  const rpm = (await readdir(downloaded)).find((name) => name.endsWith(".rpm") && !name.endsWith(".src.rpm")) as string;
  await show(["rpm", "-qip", join(downloaded, rpm)], `rpm -qip ${join("downloaded", CHROOT, basename(rpm))}`);

  const results = join(sandbox.resultsDirectory, "demo", "hello", CHROOT, "00000001-hello");
  title("Where to look");
  for (const [what, path] of [
    ["live log of the RPM task", join(sandbox.builderStateDirectory, "live-log")],
    ["its status file", join(sandbox.builderStateDirectory, "status.json")],
    ["its results on the builder", join(sandbox.builderStateDirectory, "results")],
    ["results as published", results],
    ["the downloaded packages", downloaded],
    ["everything", directory],
  ] as const) {
    console.log(`${`${what}:`.padEnd(30)} ${path}`);
  }
} finally {
  await sandbox.close();
}

function title(text: string): void {
  console.log(`\n${styleText("bold", `== ${text}`)}`);
}

async function copr(...words: string[]): Promise<void> {
  await show([...bin.cli, ...words], `copr-cli ${words.map((word) => (word.includes(" ") ? `'${word}'` : word)).join(" ")}`);
}

/** Runs a program as a user would see it, in the demo's directory and home. */
async function show(argv: readonly string[], shown: string): Promise<void> {
  console.log(styleText("cyan", `$ ${shown}`));
  const [file, ...rest] = argv as [string, ...string[]];
  const child = spawn(file, rest, { cwd: directory, env: { ...process.env, HOME: home }, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) {
    console.error(`The demo stops: this ended with ${code}. Its files are in ${directory}`);
    process.exitCode = 1;
    throw new Error(`${shown} failed`);
  }
}
