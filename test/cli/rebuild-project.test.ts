import { expect, test } from "vitest";
import type { Build, Project, Source } from "../sandbox/models.ts";
import { withStagedProject } from "../support/staged-project.ts";
import type { StagedSandbox } from "../support/staged-sandbox.ts";

const F43 = "fedora-43-x86_64";
const RAWHIDE = "fedora-rawhide-x86_64";
const EPEL = "epel-10-x86_64";

let staged: StagedSandbox;
let project: Project;
withStagedProject([F43, RAWHIDE, EPEL], (one) => ({ staged, project } = one));

const rebuild = (...words: string[]) => staged.rebuild(...words);

test("a package whose source is the build's is built as one; what was submitted otherwise stays what it was", async () => {
  const source = (committish: string): Source => ({
    type: "scm",
    dict: { type: "git", clone_url: "https://example.org/x.git", committish, subdirectory: "", spec: "", srpm_build_method: "rpkg" },
  });
  const build = staged.build(project, "hello", { [F43]: "failed" }, { source: source("main") });
  await rebuild(`${build.id}`);
  expect(staged.changes()).toEqual(["POST /api_3/package/build"]);
  const owner = staged.world.findPackage(project, "hello");
  if (owner === undefined) throw new Error("no package");
  owner.source = source("f43");
  staged.world.removeBuild(staged.world.builds.at(-1) as Build);
  const { made } = await rebuild(`${build.id}`);
  expect([staged.changes(), made[0]?.source]).toEqual([["POST /api_3/build/create/scm"], source("main")]);
  const ofPackage = await rebuild("--project", project.name, "--yes");
  expect([staged.changes(), ofPackage.made[0]?.source]).toEqual([["POST /api_3/package/build"], source("f43")]);
  // A pull request's build is its own, whatever the package is.
  const dirname = `${project.name}:pr:1`;
  staged.build(project, "hello", { [F43]: "failed" }, { source: source("pr1"), dirname });
  const ofDirectory = await rebuild("--project", dirname);
  expect([staged.changes(), ofDirectory.made[0]?.source]).toEqual([["POST /api_3/build/create/scm"], source("pr1")]);
});

test("of a project, each package is built in the chroots where its last build failed", async () => {
  staged.build(project, "hello", { [F43]: "failed", [RAWHIDE]: "failed", [EPEL]: "failed" });
  const last = staged.build(project, "hello", { [F43]: "succeeded", [RAWHIDE]: "failed" });
  staged.build(project, "zsh", { [F43]: "succeeded", [EPEL]: "succeeded" });
  const forked = staged.build(project, "curl", { [F43]: "forked", [EPEL]: "failed" });
  staged.build(project, "other", { [F43]: "failed" }, { dirname: `${project.name}:pr:1` });
  const failed = await rebuild("--project", `demo/${project.name}`, "--yes");
  expect(failed.told.map(({ old, package: name, chroots }) => [old, name, chroots])).toEqual([
    [last.id, "hello", [RAWHIDE, EPEL]],
    [forked.id, "curl", [EPEL]],
  ]);
  expect(failed.made.map(({ options }) => options.chroots)).toEqual([[RAWHIDE, EPEL], [EPEL]]);
  for (const one of failed.made) staged.world.removeBuild(one);
  const inDirectory = await rebuild("--project", `${project.name}:pr:1`, "--failed");
  expect(inDirectory.made.map(({ options }) => [options.project_dirname, options.chroots])).toEqual([[`${project.name}:pr:1`, [F43]]]);
  for (const one of inDirectory.made) staged.world.removeBuild(one);
  const all = await rebuild("--project", project.name, "--all", "--package", "[cz]*", "-r", "fedora-*", "--yes");
  expect(all.told.map(({ package: name, chroots, left_out: left, result }) => [name, chroots, left, result])).toEqual([
    ["zsh", [F43], [], "done"],
    ["curl", [], [{ chroot: F43, reason: "it was forked and not built here" }], "skipped"],
  ]);
  for (const one of all.made) staged.world.removeBuild(one);
  expect((await rebuild("--project", project.name, "--package", "zsh")).stdout).toBe("");
  const nothing = await staged.cli("rebuild", "--project", project.name, "--package", "zsh");
  expect(nothing).toEqual({ exit: 0, stdout: "Nothing has failed: there is nothing to rebuild.\n", stderr: "" });
  expect(staged.changes().filter((one) => !one.startsWith("POST /api_3/build/create/url"))).toEqual([]);
});

test.each([
  [
    ["-r", "suse-*"],
    /No chroot of demo\/prj\d+ matches 'suse-\*'\nThere are: fedora-43-x86_64, fedora-rawhide-x86_64, epel-10-x86_64\.\n$/,
  ],
  [["--package", "nosuch-*"], /No package of demo\/prj\d+ matches 'nosuch-\*'\nThere are: hello\.\n$/],
])("a project has nothing for %j", async (words, message) => {
  staged.build(project, "hello", { [F43]: "failed" });
  const { exit, stderr, stdout } = await staged.cli("rebuild", "--project", project.name, ...words);
  expect([exit, stdout, staged.changes()]).toEqual([2, "", []]);
  expect(stderr).toMatch(message);
});
