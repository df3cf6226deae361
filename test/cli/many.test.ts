import { tmpdir } from "node:os";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Account, Project } from "../sandbox/models.ts";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { withStagedProject } from "../support/staged-project.ts";
import type { StagedSandbox } from "../support/staged-sandbox.ts";

const F43 = "fedora-43-x86_64";

let staged: StagedSandbox;
let project: Project;
withStagedProject([F43], (one) => ({ staged, project } = one));

const states = (...ids: number[]) => ids.map((id) => staged.world.build(id).canceled);

describe("cancel", () => {
  test("of one build is upstream's, of several each is told", async () => {
    const [one, two, three] = ["a", "b", "c"].map((name) => staged.build(project, name, {}).id) as [number, number, number];
    const done = staged.build(project, "done", { [F43]: "succeeded" }).id;
    expect(await staged.cli("cancel", `${one}`)).toEqual({ exit: 0, stdout: "canceled\n", stderr: "" });
    expect(await staged.cli("cancel", `${one}`)).toMatchObject({ exit: 1, stderr: expect.stringContaining(`Cannot cancel build ${one}`) });
    const refused = await staged.cli("cancel", `${two}`, `${three}`);
    expect([refused.exit, refused.stdout, states(two, three)]).toEqual([2, "", [false, false]]);
    const several = await staged.cli("cancel", `${two}`, "99999", `${done}`, `${three}`, "--yes");
    expect([several.exit, states(two, three)]).toEqual([1, [true, true]]);
    expect(several.stdout).toBe(
      `${two}: package not known yet in demo/${project.name}: canceled\n99999: failed: Build 99999 does not exist.\n` +
        `${done}: done in demo/${project.name}: left out, it is succeeded already\n` +
        `${three}: package not known yet in demo/${project.name}: canceled\n`,
    );
    expect(several.stderr).toContain("1 of 4 failed, see above.");
    const denied = await staged.guest("cancel", `${staged.build(project, "d", {}).id}`, `${staged.build(project, "e", {}).id}`, "--yes");
    expect([denied.exit, denied.stdout.match(/: failed: You are not allowed to cancel this build\.\n/g)?.length]).toEqual([1, 2]);
  });

  test("of a project takes what is not finished, or one state of it", async () => {
    const pending = staged.build(project, "a", {});
    const running = staged.build(project, "b", { [F43]: "running" }, { dirname: `${project.name}:pr:1` });
    staged.build(project, "c", { [F43]: "succeeded" });
    const dry = await staged.guest("cancel", "--project", `demo/${project.name}`, "--dry-run", "--json");
    expectSchema("copr-cli-cancel.json", dry.stdout);
    expect((JSON.parse(dry.stdout) as object[]).map((one) => one)).toMatchObject([
      { id: running.id, state: "running", result: "planned", error: null },
      { id: pending.id, state: "pending", result: "planned", error: null },
    ]);
    expect(staged.changes()).toEqual([]);
    expect((await staged.cli("cancel", "--project", project.name, "--state", "pending")).exit).toBe(0);
    expect([pending.canceled, running.canceled]).toEqual([true, false]);
    expect((await staged.cli("cancel", "--project", `${project.name}:pr:2`)).stdout).toBe(
      "No such build is unfinished: there is nothing to cancel.\n",
    );
    expect((await staged.cli("cancel", "--project", `${project.name}:pr:1`)).exit).toBe(0);
    expect(running.canceled).toBe(true);
    expect((await staged.cli("cancel", "--project", "nosuch")).stderr).toContain("Project demo/nosuch does not exist.");
  });

  test.each([
    [[], /missing required argument 'build_id'/],
    [["--project", "x", "--state", "succeeded"], /Allowed choices are importing, pending, starting, running, waiting\./],
    [["17", "--state", "pending"], /--state is about a project/],
  ])("%j is told before anything is asked", async (words, message) => {
    const { exit, stderr } = await staged.cli("cancel", ...words);
    expect([exit, staged.changes()]).toEqual([2, []]);
    expect(stderr).toMatch(message);
  });
});

describe("delete --cancel-builds", () => {
  test("cancels what runs, in all directories, and what is submitted meanwhile", async () => {
    const running = staged.build(project, "a", { [F43]: "running" }, { dirname: `${project.name}:pr:1` });
    const pending = staged.build(project, "b", {});
    const without = await staged.cli("delete", project.name);
    expect(without).toMatchObject({ exit: 1, stderr: expect.stringContaining(`Build(s) ${running.id}, ${pending.id} are still running.`) });
    staged.changes();
    const dry = await staged.cli("delete", project.name, "--cancel-builds", "--dry-run");
    expect(dry.stdout).toBe(
      `Build ${pending.id}, pending, would be canceled.\nBuild ${running.id}, running, would be canceled.\nProject ${project.name} would be deleted.\n`,
    );
    expect([dry.exit, staged.changes()]).toEqual([0, []]);
    let late: number | undefined;
    // Somebody submits another one while the first are canceled, and one ends by itself.
    staged.world.once("canceled", () => {
      late = staged.build(project, "late", {}).id;
      staged.finish(running, "a", { [F43]: "succeeded" });
    });
    const { exit, stdout, stderr } = await staged.cli("delete", project.name, "--cancel-builds");
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(
      `Build ${pending.id}: canceled\nBuild ${running.id}: succeeded\nBuild ${late}: canceled\nProject ${project.name} has been deleted.\n`,
    );
    expect(staged.world.findProject("demo", project.name)).toBeUndefined();
  });

  test("who may not is told, and nothing is deleted", async () => {
    const build = staged.build(project, "a", {});
    const { exit, stderr } = await staged.guest("delete", `demo/${project.name}`, "--cancel-builds");
    expect([exit, stderr, build.canceled]).toEqual([7, expect.stringContaining("You are not allowed to cancel this build."), false]);
    expect(staged.world.findProject("demo", project.name)).toBe(project);
  });
});

test("create --exist-ok takes what is there, and says what differs", async () => {
  const made = await staged.cli("create", "fresh", "--chroot", F43, "--exist-ok", "--json");
  expectSchema("copr-cli-create.json", made.stdout);
  expect(JSON.parse(made.stdout)).toMatchObject({ name: "fresh", existed: false, differing: [] });
  const page = `${staged.sandbox.url}/coprs/demo/fresh/`;
  const again = await staged.cli("create", "fresh", "--chroot", F43, "--exist-ok");
  expect(again).toEqual({ exit: 0, stdout: `The project was there already: ${page}\n`, stderr: "" });
  const words = ["--chroot", "epel-10-x86_64", "--description", "other", "--enable-net", "off", "--repo-priority", "5", "--exist-ok"];
  const other = await staged.cli("create", "fresh", ...words);
  expect(other).toEqual({
    exit: 0,
    stdout:
      `The project was there already: ${page}\nIt has settings that differ from those asked for, and stay as they are: ` +
      "description, repo_priority, chroots. Change them by 'copr-cli modify'.\n",
    stderr: "",
  });
  expect(staged.world.findProject("demo", "fresh")?.settings.description).toBe("");
  const without = await staged.cli("create", "fresh", "--chroot", F43);
  expect(without).toMatchObject({ exit: 1, stderr: expect.stringContaining("You already have a project named 'fresh'.") });
  expect((await staged.guest("create", "demo/fresh", "--chroot", F43, "--exist-ok")).exit).toBe(7);
});

describe("--after-success", () => {
  const source = "https://example.org/next-1-1.src.rpm";

  test("submits when the build has succeeded", async () => {
    const first = staged.build(project, "first", {});
    const asked = vi.waitFor(() => expect(staged.sandbox.requests.at(-1)?.path).toBe(`/api_3/build/${first.id}`), { timeout: 100_000 });
    void asked.then(() => staged.finish(first, "first", { [F43]: "succeeded" }));
    const { exit, stdout } = await staged.cli(
      "build",
      project.name,
      source,
      "--nowait",
      "--after-success",
      `${first.id}`,
      "--poll-interval",
      "1",
    );
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^Waiting for the success of build ${first.id}: \\(nothing is submitted before\\)\n` +
          `(.*\n)*  \\S+ Build ${first.id}: succeeded\nBuild was added to ${project.name}:\n`,
      ),
    );
    expect(staged.world.builds.at(-1)?.source.dict["url"]).toBe(source);
  });

  test.each(["failed", "canceled"] as const)("submits nothing when it %s", async (state) => {
    const first = staged.build(project, "first", { [F43]: state });
    first.canceled = state === "canceled";
    const before = staged.world.builds.length;
    const { exit, stderr } = await staged.cli("buildgem", project.name, "--gem", "x", "--after-success", `${first.id}`, "--json");
    expect([exit, staged.world.builds.length]).toEqual([4, before]);
    expect(JSON.parse(stderr).error).toMatchObject({
      kind: state === "failed" ? "build" : "canceled",
      message: `Build ${first.id} did not succeed (${state}), so nothing was submitted.`,
    });
    expect((await staged.cli("build-package", project.name, "--name", "x", "--after-success", "99999")).stderr).toContain(
      "Build 99999 does not exist.",
    );
  });

  test("submits nothing after an interruption", async () => {
    const first = staged.build(project, "first", {});
    const before = staged.world.builds.length;
    const asked = vi.waitFor(() => expect(staged.sandbox.requests.at(-1)?.path).toBe(`/api_3/build/${first.id}`), { timeout: 100_000 });
    const words = ["build", project.name, source, "--after-success", `${first.id}`];
    const { exit, stderr } = await staged.signaled("SIGINT", asked, tmpdir(), ...words);
    expect([exit, stderr]).toEqual([1, expect.stringContaining("Interrupted by user.")]);
    staged.finish(first, "first", { [F43]: "succeeded" });
    expect(staged.world.builds.length).toBe(before);
  });
});

describe("an account that is refused in the middle", () => {
  /** From the next moment on the token is another one; back again at the end of the test. */
  const voided = (event: "canceled" | "project" | "task"): void => {
    const account = staged.world.accounts.find(({ name }) => name === "demo") as Account;
    const { token } = account;
    staged.world.once(event, () => setImmediate(() => (account.token = "another")));
    onTestFinished(() => {
      account.token = token;
    });
  };
  const invalid = expect.stringMatching(/^Login invalid\/expired\. Please visit .*\/api to get or renew your API token\.$/);

  test("ends cancel and rebuild: the rest is not tried", async () => {
    const ids = ["a", "b", "c", "d"].map((name) => staged.build(project, name, {}).id) as [number, number, number, number];
    voided("canceled");
    const { exit, stdout, stderr } = await staged.cli("cancel", ...ids.map(String), "--yes", "--json");
    expectSchema("copr-cli-cancel.json", stdout);
    expect((JSON.parse(stdout) as { error: { message: string } | null }[]).map(({ error }) => error?.message)).toEqual([
      undefined,
      invalid,
      "Not tried: the account is refused",
      "Not tried: the account is refused",
    ]);
    expect([exit, JSON.parse(stderr).error]).toEqual([
      1,
      expect.objectContaining({ kind: "authentication", status: 401, message: invalid }),
    ]);
    // Upstream's client tries thrice what is refused so.
    const second = `PUT /api_3/build/cancel/${ids[1]}`;
    expect(staged.changes()).toEqual([`PUT /api_3/build/cancel/${ids[0]}`, second, second, second]);

    const failed = ["e", "f"].map((name) => staged.build(project, name, { [F43]: "failed" }).id);
    const rebuilt = await staged.cli("rebuild", ...failed.map(String), "--failed", "--yes", "--nowait");
    expect([rebuilt.exit, rebuilt.stdout.split("\n")]).toEqual([
      1,
      [
        expect.stringMatching(new RegExp(`^${failed[0]}: .*: failed: Login invalid/expired`)),
        expect.stringMatching(new RegExp(`^${failed[1]}: .*: failed: Not tried: the account is refused$`)),
        "",
      ],
    ]);
  });

  test("ends apply", async () => {
    const home = `settings:\n  description: What\n  homepage: https://example.org\nchroots:\n  ${F43}: {}\n  epel-10-x86_64:\n    additional_packages: [git]\n`;
    voided("project");
    const { exit, stdout, stderr } = await runCli({
      argv: ["apply", "--yes"],
      config: staged.sandbox.configText,
      files: { "copr.yaml": `project: voided\n${home}` },
    });
    expect([exit, stderr]).toEqual([1, expect.stringMatching(/^\nSomething went wrong:\nError: Login invalid\/expired/)]);
    expect(stdout.split("\n").filter((line) => line.includes("Login invalid"))).toHaveLength(1);
    expect(stdout).toMatch(/^project: created\n/);
    expect(staged.changes().filter((request) => !request.includes("/project/add/"))).toHaveLength(3);
  });
});
