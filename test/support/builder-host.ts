import { createServer, type Server } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { serveGit } from "../sandbox/git-http.ts";
import { bin, type Outcome, output, runProgram } from "./program.ts";

/** An answer of the stand-in web server. */
type Answer = { status?: number; type?: string; body: string | Buffer };

/** A git repository and a commit in it. */
interface Repository {
  url: string;
  hash: string;
}

/** A builder with a directory of its own and a web server that serves what a test puts there. */
export interface BuilderHost {
  directory: string;
  stateDirectory: string;
  /** Path of its main.ini. */
  config: string;
  url: string;
  /** Path: answer. */
  pages: Map<string, Answer>;
  /** Address of a local repository on the web server, for definitions that come from there. */
  publishRepository(repository: Repository): Repository;
  builder(...words: string[]): Promise<Outcome>;
  /** The same with a task file made of the given value. */
  runTask(task: unknown, ...words: string[]): Promise<Outcome>;
  status(): Promise<Record<string, unknown>>;
  log(): Promise<string>;
  /** Done before the directory is removed. */
  cleanUps: (() => Promise<unknown>)[];
  close(): Promise<void>;
}

/** `settings` are more lines for its main.ini. */
export async function startBuilderHost(settings = "", buildroot: "host" | "mock" = "host"): Promise<BuilderHost> {
  const directory = await mkdtemp(join(tmpdir(), "copr-test-"));
  const stateDirectory = join(directory, "state");
  let tasks = 0;
  const pages = new Map<string, Answer>();
  const server: Server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://x");
    const repository = /^\/git\/([\w-]+)\.git(\/.*)$/.exec(pathname);
    if (repository) {
      void serveGit(directory, `/${repository[1]}/.git${repository[2]}`, search.slice(1), request, request, response);
      return;
    }
    const page = pages.get(pathname);
    response.writeHead(page?.status ?? (page ? 200 : 404), { "content-type": page?.type ?? "application/octet-stream" });
    response.end(page?.body ?? "not here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = join(directory, "main.ini");
  // Not those of the machine.
  const ownRules = settings.includes("rules_file") ? "" : `rules_file = ${directory}/copr-rpmbuild.yml\n`;
  const ownHooks = `hooks_directory = ${directory}/hooks/complete.d\n`;
  await writeFile(
    config,
    `[main]\nfrontend_url = ${url}\nbuildroot = ${buildroot}\nfetch_attempts = 2\nmacro_override_db_url = ${url}/macros.json\n${ownRules}${ownHooks}${settings}\n`,
  );

  const builder = (...words: string[]): Promise<Outcome> =>
    // A chroot of real mock takes its time.
    runProgram([...bin.builder, ...words, "--state-dir", stateDirectory], {
      cwd: directory,
      timeoutMs: buildroot === "mock" ? 300_000 : 150_000,
    });
  const cleanUps: (() => Promise<unknown>)[] = [];
  return {
    directory,
    stateDirectory,
    config,
    cleanUps,
    url,
    pages,
    publishRepository: ({ url: local, hash }) => ({ url: `${url}/git/${basename(local)}.git`, hash }),
    builder: (...words) => (words[0] === "run" ? builder(...words, "--config", config) : builder(...words)),
    async runTask(task, ...words) {
      // A file for each: one in the background may still read its own.
      tasks += 1;
      const path = join(directory, `task-${tasks}.json`);
      await writeFile(path, typeof task === "string" ? task : JSON.stringify(task));
      return builder("run", "--config", config, "--task-file", path, ...words);
    },
    status: async () => JSON.parse(await readFile(join(stateDirectory, "status.json"), "utf8")) as Record<string, unknown>,
    log: () => readFile(join(stateDirectory, "live-log"), "utf8"),
    async close() {
      await builder("cancel");
      server.closeAllConnections();
      server.close();
      for (const cleanUp of cleanUps) await cleanUp();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A spec file whose %build is the given shell script. */
export function specText(name: string, build: string, extra = ""): string {
  return `Name: ${name}\nVersion: 1\nRelease: 1\nSummary: A test\nLicense: MIT\nBuildArch: noarch\n${extra}\n%description\nA test.\n%build\n${build}\n%files\n`;
}

/** A real git repository with these files; resolves to its address and commit. */
export async function makeRepository(directory: string, name: string, files: Readonly<Record<string, string>>): Promise<Repository> {
  const path = join(directory, name);
  const git = (...words: string[]): Promise<string> =>
    output(["git", "-C", path, "-c", "user.name=T", "-c", "user.email=t@example.org", ...words]);
  await output(["git", "init", "--quiet", path]);
  for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content);
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "A package");
  return { url: `file://${path}`, hash: (await git("rev-parse", "HEAD")).trim() };
}

/** A real source package; resolves to its path. */
export async function makeSrpm(directory: string, name: string, build = "true", extra = ""): Promise<string> {
  const spec = join(directory, `${name}.spec`);
  await writeFile(spec, specText(name, build, extra));
  const printed = await output([
    "rpmbuild",
    "-bs",
    "--nodeps",
    "--define",
    `_topdir ${directory}/rpmbuild`,
    "--define",
    `_srcrpmdir ${directory}`,
    spec,
  ]);
  return /^Wrote: (.*)$/m.exec(printed)?.[1] as string;
}

/** Definition of the RPM task 7-fedora-43-x86_64. */
export function rpmTask(repository: { url: string; hash: string }, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    task_id: "7-fedora-43-x86_64",
    build_id: 7,
    project_owner: "alice",
    project_name: "prj",
    project_dirname: "prj",
    chroot: "fedora-43-x86_64",
    git_repo: repository.url,
    git_hash: repository.hash,
    timeout: 600,
    repos: [],
    buildroot_pkgs: [],
    with_opts: [],
    without_opts: [],
    isolation: "default",
    tags: [],
    enable_net: false,
    package_name: null,
    ...changes,
  };
}

/** Definition of the SRPM task 7 of an uploaded file. */
export function srpmTask(url: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    task_id: "7",
    build_id: 7,
    project_owner: "alice",
    project_name: "prj",
    project_dirname: "prj",
    chroot: null,
    source_type: 2,
    source_json: JSON.stringify({ url, pkg: "x", tmp: "x" }),
    repos: [],
    package_name: null,
    distributions_in_build: [],
    distributions_in_project: ["fedora-43", "epel-9"],
    ...changes,
  };
}
