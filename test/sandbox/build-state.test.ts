import { expect, test } from "vitest";
import { buildState, endedOn, failSource, isBlocked, newBuildChroot, startedOn } from "./build-state.ts";
import type { Batch, Build, BuildChroot, State } from "./models.ts";
import { defaultSettings } from "./project-settings.ts";
import { World } from "./world.ts";

function makeBuild(source: State, chroots: Partial<BuildChroot>[], batch: Batch | null = null): Build {
  const world = new World("http://localhost", {});
  const project = world.addProject("demo", "first", defaultSettings());
  const build = world.addBuild(
    project,
    "demo",
    { type: "link", dict: {} },
    {
      chroots: null,
      timeout: 1,
      background: false,
      bootstrap: "unchanged",
      isolation: "unchanged",
      enable_net: false,
      project_dirname: "first",
      batch,
    },
  );
  build.source_state = source;
  build.chroots = chroots.map((chroot, index) => ({ ...newBuildChroot(`fedora-${index}-x86_64`), ...chroot }));
  return build;
}

test.each<[State, State[], State]>([
  ["pending", ["waiting", "waiting"], "pending"],
  ["importing", ["waiting", "skipped"], "importing"],
  ["failed", ["failed"], "failed"],
  ["succeeded", ["succeeded", "running", "failed"], "running"],
  ["succeeded", ["failed", "pending", "succeeded"], "pending"],
  ["succeeded", ["succeeded", "failed", "skipped"], "failed"],
  ["succeeded", ["skipped", "succeeded"], "succeeded"],
  ["succeeded", ["skipped", "skipped"], "skipped"],
])("source %s and chroots %j make the build %s", (source, states, expected) => {
  const build = makeBuild(
    source,
    states.map((state) => ({ state })),
  );
  expect(buildState(build)).toBe(expected);
  build.canceled = true;
  expect(buildState(build)).toBe("canceled");
});

test("a build ends with its last chroot and begins with its first", () => {
  const build = makeBuild("succeeded", [{ started_on: 5, ended_on: 7 }, { started_on: 3 }]);
  expect([startedOn(build), endedOn(build)]).toEqual([3, null]);
  Object.assign(build.chroots[1] as BuildChroot, { ended_on: 9 });
  expect(endedOn(build)).toBe(9);
  expect(endedOn(makeBuild("pending", []))).toBeNull();
});

test("a failed source takes the chroots along", () => {
  const build = makeBuild("running", [{}, {}]);
  failSource(build, { started_on: 1, ended_on: 2 });
  expect([buildState(build), startedOn(build), endedOn(build)]).toEqual(["failed", 1, 2]);
  expect(build.chroots.map(({ state }) => state)).toEqual(["failed", "failed"]);
});

test("a batch waits for the one before it, and for what that one waits for", () => {
  const [first, second, third] = [1, 2, 3].map((id): Batch => ({ id, after: null, builds: [] })) as [Batch, Batch, Batch];
  Object.assign(second, { after: first });
  Object.assign(third, { after: second });
  const builds = [first, second, third].map((batch) => makeBuild("succeeded", [{ state: "running" }], batch));
  expect(builds.map(isBlocked)).toEqual([false, true, true]);
  // A build that was canceled before its turn is over, but its batch still waits.
  (builds[1] as Build).canceled = true;
  expect(builds.map(isBlocked)).toEqual([false, true, true]);
  Object.assign(builds[0]?.chroots[0] as BuildChroot, { state: "failed" });
  expect(builds.map(isBlocked)).toEqual([false, false, false]);
});
