import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, shellLine } from "../support/program.ts";
import { serveGit } from "./git-http.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

/** What docs/tutorial.md is typed against. */
export interface TutorialServers {
  /** In place of copr.example.org; alice is its user. */
  sandbox: Sandbox;
  /** In place of git.example.org. */
  gitUrl: string;
  /** Of alice. */
  home: string;
  /** The repository, where everything is typed. */
  work: string;
  environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const examples = fileURLToPath(new URL("../../examples/tutorial", import.meta.url));

/** Starts a Copr and a git server in a directory, and puts the six packages into a repository of the latter. */
export async function startTutorialServers(directory: string, path: string): Promise<TutorialServers> {
  const [home, repositories, programs] = ["home", "git", "bin"].map((name) => join(directory, name)) as [string, string, string];
  const work = join(home, "tutorial");
  const sandbox = await startSandbox({
    directory: join(directory, "sandbox"),
    builder: bin.builder,
    buildroot: "host",
    username: "alice",
  });
  const gitServer = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://git");
    void serveGit(repositories, pathname, search.slice(1), request, request, response);
  });
  await new Promise<void>((resolve) => gitServer.listen(0, "127.0.0.1", resolve));
  const environment = {
    HOME: home,
    PATH: `${programs}:${path}`,
    GIT_CONFIG_GLOBAL: "/dev/null",
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "Alice"],
        [`GIT_${who}_EMAIL`, "alice@example.org"],
      ]),
    ),
  };
  const git = (...words: string[]): void => {
    const { status, stderr } = spawnSync("git", words, { env: environment, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
  };
  await mkdir(programs);
  await writeFile(join(programs, "copr-cli"), `#!/bin/sh\nexec ${shellLine(bin.cli)} "$@"\n`);
  await chmod(join(programs, "copr-cli"), 0o755);
  await mkdir(home);
  await cp(examples, work, { recursive: true });
  git("init", "--quiet", "--bare", "--initial-branch=main", join(repositories, "tutorial.git"));
  git("init", "--quiet", "--initial-branch=main", work);
  git("-C", work, "add", "--all");
  git("-C", work, "commit", "--quiet", "--message=Six packages");
  git("-C", work, "remote", "add", "origin", join(repositories, "tutorial.git"));
  git("-C", work, "push", "--quiet", "--set-upstream", "origin", "main");
  return {
    sandbox,
    gitUrl: `http://127.0.0.1:${(gitServer.address() as AddressInfo).port}`,
    home,
    work,
    environment,
    async close() {
      gitServer.closeAllConnections();
      gitServer.close();
      await sandbox.close();
    },
  };
}
