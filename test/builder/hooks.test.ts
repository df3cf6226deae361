import { chmod, chown, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { addHook, addSettings, documentsOf, hookLog, hooksDirectory, keepingLines } from "../support/hooks.ts";
import { nobody } from "../support/private-machine.ts";
import { eventually, isAlive, processesMentioning } from "../support/processes.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
});
afterEach(() => host.close());

/** A task that fails at once: its source is not there. */
const failingTask = (): Record<string, unknown> => srpmTask(`${host.url}/nothing.src.rpm`, { package_name: "hello" });
const longTask = async (): Promise<Record<string, unknown>> =>
  rpmTask(await makeRepository(host.directory, "long", { "long.spec": specText("long", "sleep 300") }));
const spooled = (): Promise<string[]> => readdir(join(host.stateDirectory, "hooks-pending")).catch(() => []);
const allTold = (): Promise<void> => eventually("no task waits for its hooks", async () => (await spooled()).length === 0);
/** Processes of this builder, but for those that look. */
const processesLeft = async (): Promise<string[]> =>
  (await processesMentioning(host.stateDirectory)).filter((line) => !line.includes("copr-builder-keeper"));

describe("hooks", () => {
  test("are told of a task in the order of their names, with its status and little else", async () => {
    // More milliseconds than a timer takes: a long limit, and none that is over at once.
    await addSettings(host, "hook_timeout = 3000000");
    const order = join(host.directory, "order");
    for (const name of ["20-b", "10-a", "Z", "a.sh"]) await addHook(host, name, `echo ${name} >>'${order}'`);
    const seen = join(host.directory, "environment");
    await addHook(host, "30-env", `tr '\\0' '\\n' </proc/$$/environ >'${seen}'; pwd >'${seen}.pwd'; id -u >'${seen}.user'`);
    await addHook(host, "40-told", keepingLines(host));
    const task = join(host.directory, "task.json");
    await writeFile(task, JSON.stringify(failingTask()));
    const words = ["run", "--config", host.config, "--task-file", task, "--state-dir", host.stateDirectory];
    const { exitCode } = await runProgram([...bin.builder, ...words], { env: { COPR_TOKEN: "hunter2" } });
    expect(exitCode).toBe(1);
    await allTold();

    expect((await readFile(order, "utf8")).split("\n").filter(Boolean)).toEqual(["10-a", "20-b", "Z", "a.sh"]);
    const [told, ...others] = await documentsOf(host);
    expect(others).toEqual([]);
    const status = JSON.parse((await host.builder("status", "--json")).stdout) as Record<string, unknown>;
    expect(told).toEqual({
      ...status,
      slot: 1,
      state_directory: host.stateDirectory,
      results: join(host.stateDirectory, "results"),
      project: "alice/prj",
      package: "hello",
    });
    expect(told).toMatchObject({ task_id: "7", state: "failed", exit_code: 1 });
    expectSchema("hook", JSON.stringify(told));
    const environment = (await readFile(seen, "utf8")).split("\n").filter(Boolean);
    expect(new Set(environment.map((line) => line.split("=", 1)[0]))).toEqual(
      new Set(["COPR_BUILDER_CONFIG", "COPR_BUILDER_HOOK", "COPR_BUILDER_STATE_DIR", "HOME", "LANG", "LOGNAME", "PATH", "USER"]),
    );
    expect(environment).toContain(`COPR_BUILDER_STATE_DIR=${host.stateDirectory}`);
    expect(environment).toContain(`COPR_BUILDER_CONFIG=${host.config}`);
    expect(await readFile(`${seen}.pwd`, "utf8")).toBe("/\n");
    expect(await readFile(`${seen}.user`, "utf8")).toBe(`${process.getuid?.()}\n`);
    expect(await hookLog(host)).toEqual([]);
  });

  test("that fail are a line in the log of the host, and nothing else", async () => {
    await addHook(host, "10-bad", "printf 'first\\nno \\033[31mway\\342\\200\\256' >&2; exit 3");
    await addHook(host, "20-signal", "kill -9 $$");
    await addHook(host, "30-deaf", "exec <&-; exit 0");
    await addHook(host, "35-loud", "head -c 30000000 /dev/zero; yes é | head -c 30000000 >&2; echo 'é last' >&2; exit 4");
    await addHook(host, "38-deserter", `rm '${join(hooksDirectory(host), "39-gone")}'; setsid sleep 300 & sleep 300 & exit 0`);
    await addHook(host, "39-gone", "exit 0");
    const missing = join(hooksDirectory(host), "40-missing");
    await writeFile(missing, "#!/nonexistent/interpreter\n", { mode: 0o755 });
    await addHook(host, "50-told", keepingLines(host));
    const { exitCode, stdout } = await host.runTask(failingTask());
    await allTold();
    expect(exitCode).toBe(1);
    expect(await hookLog(host)).toEqual([
      "Task 7: the hook '10-bad' failed: exit status 3: no way",
      "Task 7: the hook '20-signal' failed: exit status 137",
      "Task 7: the hook '35-loud' failed: exit status 4: é last",
      expect.stringMatching(/^Task 7: the hook '39-gone' failed: The program '.*39-gone' is not installed$/),
      expect.stringMatching(/^Task 7: the hook '40-missing' failed: The program '.*40-missing' is not installed$/),
    ]);
    expect(await documentsOf(host)).toHaveLength(1);
    expect(await host.log()).toBe(stdout);
    expect(stdout).not.toContain("10-bad");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^(Copr build|Network) error: /);
    await eventually("nothing runs any more", async () => (await processesLeft()).length === 0);
    // A task that has no name, told of by a directory that goes while they run.
    await addHook(host, "05-all-gone", `rm -rf '${hooksDirectory(host)}'; exit 6`);
    await host.runTask("no definition");
    await allTold();
    expect((await hookLog(host)).slice(5)).toEqual([
      "Task (no definition): the hook '05-all-gone' failed: exit status 6",
      ...["10-bad", "20-signal", "30-deaf", "35-loud", "38-deserter", "40-missing", "50-told"].map((name) =>
        expect.stringMatching(`^Task \\(no definition\\): the hook '${name}' failed: The program '.*' is not installed$`),
      ),
    ]);
  });

  test("are programs that only root or the user could have put there; what editors leave is passed over", async () => {
    const told = keepingLines(host);
    await addHook(host, "10-open", told, 0o777);
    await addHook(host, "20-plain", told, 0o644);
    const good = await addHook(host, "30-good", told);
    await symlink(good, join(hooksDirectory(host), "40-link"));
    await mkdir(join(hooksDirectory(host), "50-directory"));
    await addHook(host, "60 blank", told);
    await addHook(host, "61\nline\u001b[31m", told);
    await symlink("/nowhere", join(hooksDirectory(host), "62-dangling"));
    const foreign = await addHook(host, "63-foreign", told);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(foreign, nobody, nobody);
    else await rm(foreign);
    for (const name of ["30-good~", ".30-good", "30-good.rpmsave", "30-good.rpmnew", "30-good.bak", "#30-good#", "README"]) {
      await addHook(host, name, told);
    }
    await host.runTask(failingTask());
    await allTold();
    expect(await documentsOf(host)).toHaveLength(1);
    expect(await hookLog(host)).toEqual([
      "The hook '10-open' is not run: it can be written to by others",
      "The hook '20-plain' is not run: it can't be executed",
      "The hook '40-link' is not run: it is not a regular file",
      "The hook '50-directory' is not run: it is not a regular file",
      "The hook '60 blank' is not run: it has a name with other characters than letters, digits, '_', '.' and '-'",
      "The hook '61 line' is not run: it has a name with other characters than letters, digits, '_', '.' and '-'",
      "The hook '62-dangling' is not run: it is not a regular file",
      ...(isRoot ? ["The hook '63-foreign' is not run: it belongs to another user"] : []),
    ]);

    await chmod(hooksDirectory(host), 0o777);
    await host.runTask(failingTask());
    await allTold();
    expect(await documentsOf(host)).toHaveLength(1);
    expect((await hookLog(host)).at(-1)).toMatch(/^The hooks in '.*' are not run: the directory can be written to by others$/);
  });

  test("hold up neither the end of their task nor the next one nor a cancel", async () => {
    const go = join(host.directory, "go");
    await addHook(host, "10-wait", `${keepingLines(host, "begun")}; while [ ! -e '${go}' ]; do sleep 0.05; done`);
    await addHook(host, "20-told", keepingLines(host));
    const first = await host.runTask(failingTask());
    expect(first.exitCode).toBe(1);
    await eventually("the first hook", async () => (await documentsOf(host, "begun")).length === 1);
    const left = await readdir(host.stateDirectory);
    expect(left.filter((name) => ["pid", "logger_pid", "build.running"].includes(name))).toEqual([]);
    expect(await host.status()).toMatchObject({ state: "failed" });

    expect(await host.builder("cancel")).toMatchObject({ exitCode: 0, stdout: "No task is running\n" });
    await host.runTask(await longTask(), "--detached");
    const { pid } = await host.status();
    expect(await host.builder("cancel")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("was canceled") });
    expect(await isAlive(Number(pid))).toBe(false);
    expect([await documentsOf(host, "begun"), await documentsOf(host)].map(({ length }) => length)).toEqual([1, 0]);

    await writeFile(go, "");
    await allTold();
    for (const name of ["begun", "told"]) {
      expect((await documentsOf(host, name)).map(({ state }) => state)).toEqual(["failed", "canceled"]);
    }
    expect(await hookLog(host)).toEqual([]);
  });

  test("are ended with all that they started when they take too long, and what they leave goes with them", async () => {
    await addSettings(host, "hook_timeout = 2");
    await addHook(host, "10-slow", "trap '' INT TERM; sleep 300 & setsid sleep 300 & wait; sleep 300");
    await addHook(host, "20-leaves", "setsid sleep 300 >&2 & sleep 300 & exit 0");
    await addHook(host, "30-told", keepingLines(host));
    await host.runTask(failingTask());
    await allTold();
    expect(await documentsOf(host)).toHaveLength(1);
    expect(await hookLog(host)).toEqual(["Task 7: the hook '10-slow' failed: took longer than 2 s, and was ended"]);
    await eventually("nothing runs any more", async () => (await processesLeft()).length === 0);
  });

  test("are not run where the configuration names none, and leave nothing where there are none", async () => {
    await host.runTask(failingTask());
    expect(await spooled()).toEqual([]);
    expect(await readdir(host.stateDirectory)).not.toContain("hooks.log");
    await addHook(host, "10-told", keepingLines(host));
    await addSettings(host, "hooks_directory =");
    await host.runTask(failingTask());
    expect(await spooled()).toEqual([]);
    expect(await documentsOf(host)).toEqual([]);
  });
});

describe("each hook is told of each task once", () => {
  test("when the builder is killed", async () => {
    await addHook(host, "10-told", keepingLines(host));
    await host.runTask(await longTask(), "--detached");
    const killed = await host.status();
    await eventually("the build", async () => (await host.log()).includes("sleep 300"));
    process.kill(Number(killed["pid"]), "SIGKILL");
    await eventually("the hook", async () => (await documentsOf(host)).length > 0);
    const [told] = await documentsOf(host);
    expect(told).toMatchObject({ mark: killed["mark"], task_id: "7-fedora-43-x86_64", state: "died", exit_code: 6, project: "alice/prj" });
    expect(told?.["reason"]).toBe("The builder process died while it was building");
    await host.runTask(failingTask());
    await allTold();
    expect((await documentsOf(host)).map(({ state }) => state)).toEqual(["died", "failed"]);
  });

  test("when the builder and its keeper are killed: by the next task", async () => {
    await addHook(host, "10-told", keepingLines(host));
    await host.runTask(await longTask(), "--detached");
    const killed = await host.status();
    for (const line of await processesMentioning(String(killed["mark"]))) {
      if (line.includes("copr-builder-keeper")) process.kill(Number.parseInt(line, 10), "SIGKILL");
    }
    process.kill(Number(killed["pid"]), "SIGKILL");
    await eventually("the end of the builder", async () => !(await isAlive(Number(killed["pid"]))));
    expect((await spooled())[0]).toMatch(/\.held-\d+-\d+$/);
    await host.runTask(failingTask());
    await allTold();
    expect((await documentsOf(host)).map(({ mark, state }) => [mark, state])).toEqual([
      [killed["mark"], "died"],
      [(await host.status())["mark"], "failed"],
    ]);
  });

  test("when who runs them is killed in the middle of one", async () => {
    await addHook(host, "10-first", keepingLines(host, "first"));
    await addHook(host, "20-slow", `${keepingLines(host, "slow")}; [ "$(wc -l <'${join(host.directory, "slow")}')" -gt 1 ] || sleep 300`);
    await addHook(host, "30-last", keepingLines(host, "last"));
    await host.runTask(failingTask());
    await eventually("the slow hook", async () => (await documentsOf(host, "slow")).length === 1);
    const runner = (await processesMentioning(host.stateDirectory)).find((line) => line.includes("copr-builder-hooks"));
    process.kill(Number.parseInt(String(runner), 10), "SIGKILL");
    const second: Outcome = await host.runTask(failingTask());
    expect(second.exitCode).toBe(1);
    await allTold();
    for (const name of ["first", "slow", "last"]) {
      const marks = (await documentsOf(host, name)).map(({ mark }) => mark);
      expect(marks, name).toHaveLength(2);
      expect(new Set(marks).size).toBe(2);
    }
    expect(await hookLog(host)).toEqual(["The hook '20-slow' may not have come to its end: whoever ran it was killed"]);
    await eventually("nothing runs any more", async () => (await processesLeft()).length === 0);
  });
});
