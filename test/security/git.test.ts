import { access, appendFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { exists } from "../../src/core/files/directories.ts";
import { fetchDistGit } from "../../src/builder/sources/dist-git-checkout.ts";
import { taskEnvironment } from "../../src/builder/task/environment.ts";
import { cloneRepository } from "../../src/builder/sources/git.ts";
import { makeRepository, startBuilderHost } from "../support/builder-host.ts";
import { output, runProgram } from "../support/program.ts";
import { taskContext } from "../support/task-context.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"];
const spec = { "a.spec": "Name: a\n" };

async function commitAll(path: string): Promise<string> {
  await output(["git", "-C", path, "add", "--all", "--force"]);
  await output(["git", "-C", path, ...identity, "commit", "--quiet", "--message", "More"]);
  return (await output(["git", "-C", path, "rev-parse", "HEAD"])).trim();
}

describe("C10: a committish", () => {
  test.each(["--pathspec-from-file=SECRET", "--orphan=x", "-", "--", "--detach", "-b", "HEAD:a.spec", "HEAD^{tree}", ":/A"])(
    "C10: %s is never an option, nor anything but a commit",
    async (committish) => {
      const context = await taskContext();
      const secret = join(context.workDirectory, "secret");
      await writeFile(secret, "first secret\n");
      const hostile = committish.replace("SECRET", secret);
      const { url } = await makeRepository(context.workDirectory, "origin", spec);
      if (hostile !== committish) {
        // What upstream runs prints the file.
        const { stderr } = await runProgram(["git", "-C", join(context.workDirectory, "origin"), "checkout", hostile, "--"]);
        expect(stderr).toContain("first secret");
      }
      await expect(cloneRepository(context, { url, committish: hostile })).rejects.toThrow("The repository has no commit, branch or tag");
      expect(context.said.join("\n")).not.toContain("first secret");
    },
  );
});

describe("C11: the address of a repository", () => {
  test("C11: an option is an address that there is none of", async () => {
    const context = await taskContext();
    const { url } = await makeRepository(context.workDirectory, "origin", spec);
    const option = `--upload-pack=touch ${context.workDirectory}/PWNED; git-upload-pack`;
    await output(["git", "clone", "--quiet", option, url, join(context.workDirectory, "naive")]);
    await access(join(context.workDirectory, "PWNED"));
    const ours = option.replace("PWNED", "PWNED2");
    await expect(cloneRepository(context, { url: ours, committish: null })).rejects.toThrow("Cannot clone");
    expect(await exists(join(context.workDirectory, "PWNED2"))).toBe(false);
    expect(context.said.join("\n")).toMatch(/Running: git clone .* -- '--upload-pack=/);
  });

  test("C11: a protocol that runs programs is off, also where the caller allows it", async () => {
    const allowing = {
      ...process.env,
      GIT_ALLOW_PROTOCOL: "ext:file",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "protocol.ext.allow",
      GIT_CONFIG_VALUE_0: "always",
    };
    const context = await taskContext({ environment: allowing });
    const url = (name: string): string => `ext::sh -c "touch% ${join(context.workDirectory, name)}"`.replaceAll('"', "");
    await runProgram(["git", "clone", url("PWNED"), join(context.workDirectory, "naive")], { env: allowing });
    await access(join(context.workDirectory, "PWNED"));
    await expect(cloneRepository(context, { url: url("PWNED2"), committish: null })).rejects.toThrow(/transport 'ext' not allowed/);
    expect(await exists(join(context.workDirectory, "PWNED2"))).toBe(false);
  });

  test("C11: a submodule shows no repository of the host", async () => {
    const context = await taskContext({ allowLocalFiles: false });
    const host = await startBuilderHost();
    onTestFinished(() => host.close());
    const hidden = await makeRepository(host.directory, "hidden", { secret: "x" });
    const repository = await makeRepository(host.directory, "origin", spec);
    const origin = join(host.directory, "origin");
    await output(["git", "-C", origin, "-c", "protocol.file.allow=always", "submodule", "add", hidden.url, "sub"]);
    await commitAll(origin);
    const naive = join(context.workDirectory, "naive");
    await output(["git", "-c", "protocol.file.allow=always", "clone", "--quiet", "--recursive", repository.url, naive]);
    await access(join(naive, "sub", "secret"));
    const { url } = host.publishRepository(repository);
    await expect(cloneRepository(context, { url, committish: null })).rejects.toThrow(/transport 'file' not allowed|submodule/);
    expect(await exists(join(context.workDirectory, "repo", "sub", "secret"))).toBe(false);
  });

  test("C13: the clone is named by us, whatever the address", async () => {
    const context = await taskContext();
    await makeRepository(context.workDirectory, "origin", spec);
    for (const end of ["origin/.git", "origin/../origin", "origin/.", "origin//"]) {
      const directory = await cloneRepository(context, { url: `file://${context.workDirectory}/${end}`, committish: null });
      expect(directory).toBe(join(context.workDirectory, "repo"));
      await access(join(directory, "a.spec"));
      await output(["rm", "-r", directory]);
    }
  });
});

describe("C33: a repository's files", () => {
  test("C33: do not become the configuration of git", async () => {
    const context = await taskContext();
    const pwned = join(context.workDirectory, "PWNED");
    const { url } = await makeRepository(context.workDirectory, ".config", spec);
    await mkdir(join(context.workDirectory, ".config/git"));
    await writeFile(join(context.workDirectory, ".config/git/config"), `[core]\n\tfsmonitor = touch ${pwned}; false\n`);
    const hash = await commitAll(join(context.workDirectory, ".config"));

    // Upstream clones to a directory named after the address, below a HOME that programs share with it.
    const home = await temporaryDirectory();
    await output(["git", "clone", "--quiet", url, join(home, ".config")]);
    await runProgram(["git", "status"], { cwd: join(home, ".config"), env: { HOME: home, XDG_CONFIG_HOME: undefined } });
    await output(["rm", pwned]);

    const directory = await cloneRepository(context, { url, committish: hash });
    await context.capture(["git", "status"], { cwd: directory });
    await context.capture(["git", "status"], { cwd: join(directory, "git") });
    expect(await exists(pwned)).toBe(false);
  });

  test("C33: hooks, monitors and directories that look like a repository run nothing", async () => {
    const context = await taskContext();
    const pwned = join(context.workDirectory, "PWNED");
    const payload = `#!/bin/sh\ntouch ${pwned}\nexit 1\n`;
    const origin = join(context.workDirectory, "origin");
    const { url } = await makeRepository(context.workDirectory, "origin", spec);
    const bare = join(origin, "bare");
    await mkdir(join(bare, "refs"), { recursive: true });
    await mkdir(join(bare, "objects"));
    await writeFile(join(bare, "HEAD"), "ref: refs/heads/main\n");
    await writeFile(join(bare, "refs/keep"), "");
    await writeFile(join(bare, "objects/keep"), "");
    await writeFile(join(bare, "payload"), payload, { mode: 0o755 });
    const settings = "bare = false\n\tworktree = .\n\trepositoryformatversion = 0";
    await writeFile(
      join(bare, "config"),
      `[core]\n\t${settings}\n\tfsmonitor = ./payload\n[diff]\n\texternal = ./payload\n[alias]\n\tx = !./payload\n`,
    );
    await commitAll(origin);
    const directory = await cloneRepository(context, { url, committish: null });
    await runProgram(["git", "x"], { cwd: join(directory, "bare") });
    await output(["rm", pwned]);
    const { exitCode, stderr } = await context.capture(["git", "x"], { cwd: join(directory, "bare") });
    expect([exitCode === 0, stderr.toString()]).toEqual([
      false,
      expect.stringMatching(/cannot use bare repository|safe\.bareRepository|not a git command/),
    ]);

    await appendFile(join(directory, ".git/config"), `[core]\n\thooksPath = ${bare}\n\tfsmonitor = ${bare}/payload\n`);
    await writeFile(join(bare, "post-checkout"), payload, { mode: 0o755 });
    await context.capture(["git", "checkout", "--force", "HEAD~1"], { cwd: directory });
    expect(await exists(pwned)).toBe(false);
  });

  test("C29: git is told nothing by the caller's environment", () => {
    const names = [
      "GIT_SSH_COMMAND",
      "GIT_DIR",
      "GIT_WORK_TREE",
      "GIT_EXEC_PATH",
      "GIT_ASKPASS",
      "SSH_ASKPASS",
      "GIT_EDITOR",
      "GIT_CONFIG",
      "GIT_TRACE",
    ];
    const hostile = Object.fromEntries(names.map((name) => [name, "/tmp/evil"]));
    const environment = taskEnvironment({ home: "/home/x", mark: "m", allowLocalFiles: false }, hostile);
    expect(Object.values(environment)).not.toContain("/tmp/evil");
  });
});

describe("a dist-git repository", () => {
  test.each([
    ["C20: a spec file that is a link to a file of the host", "/etc/passwd", "b.spec", "has no spec file"],
    ["C35: a source that is a link to a file of the host", "/etc/passwd", "source", "it leads out of the repository"],
    ["C35: a source that is a link beside the clone", "../home/.rpmmacros", "source", "it leads out of the repository"],
    ["C35: a directory that is a link", "/etc", "sub", "it leads out of the repository"],
  ])("%s is refused", async (_name, target, name, message) => {
    const context = await taskContext();
    await writeFile(join(context.home, ".rpmmacros"), "");
    const files: Record<string, string> = name.endsWith(".spec") ? { readme: "" } : spec;
    const { url } = await makeRepository(context.workDirectory, "origin", files);
    await symlink(target, join(context.workDirectory, "origin", name));
    const hash = await commitAll(join(context.workDirectory, "origin"));
    await expect(fetchDistGit(context, url, hash, "a")).rejects.toThrow(message);
  });

  test("C35: what rpmbuild alone makes of such a source", async () => {
    const directory = await temporaryDirectory();
    await symlink("/etc/passwd", join(directory, "source"));
    await writeFile(join(directory, "a.spec"), "Name: a\nVersion: 1\nRelease: 1\nSummary: x\nLicense: x\nSource0: source\n%description\n");
    const define = ["_sourcedir", "_srcrpmdir"].flatMap((name) => ["--define", `${name} ${directory}`]);
    await output(["rpmbuild", "-bs", "--nodeps", ...define, "a.spec"], { cwd: directory });
    await output(["sh", "-c", "rm source; cat *.src.rpm | rpm2archive -n | tar xf -"], { cwd: directory });
    expect(await readFile(join(directory, "source"), "utf8")).toMatch(/^root:/);
  });

  test("C34: the name of a spec file is plain: rpm expands macros in it", async () => {
    const context = await taskContext();
    const { url, hash } = await makeRepository(context.workDirectory, "origin", {
      "%(touch PWNED).spec": "",
      "-x.spec": "",
      "...spec": "",
      "a\nb.spec": "",
    });
    await expect(fetchDistGit(context, url, hash, "a")).rejects.toThrow("The repository has no spec file");
  });

  test.each(["../../evil", "/tmp/copr-evil", "a/b", "..", "-x"])("C34: a list of sources can't name %j", async (name) => {
    const context = await taskContext();
    const sources = `d41d8cd98f00b204e9800998ecf8427e  ${name}\n`;
    const { url, hash } = await makeRepository(context.workDirectory, "origin", { ...spec, sources });
    await expect(fetchDistGit(context, url, hash, "a")).rejects.toThrow("Refusing the file name");
  });

  test("C34: a list of sources can't name the program that checks them", async () => {
    const context = await taskContext();
    const pwned = join(context.workDirectory, "PWNED");
    const { url } = await makeRepository(context.workDirectory, "origin", { ...spec, sources: `./evil (x) = ${"0".repeat(32)}\n` });
    await writeFile(join(context.workDirectory, "origin/evilsum"), `#!/bin/sh\ntouch ${pwned}\n`, { mode: 0o755 });
    const hash = await commitAll(join(context.workDirectory, "origin"));
    await expect(fetchDistGit(context, url, hash, "a")).rejects.toThrow(/Weird sources line|Unknown checksum type/);
    expect(await exists(pwned)).toBe(false);
  });
});
