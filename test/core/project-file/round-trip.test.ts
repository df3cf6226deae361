import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change } from "../../../src/core/project-file/change.ts";
import { exportProject } from "../../../src/core/project-file/export-project.ts";
import type { ProjectFile } from "../../../src/core/project-file/project-file.ts";
import { parseProjectFile } from "../../../src/core/project-file/read-file.ts";
import { formatProjectFile } from "../../../src/core/project-file/write-file.ts";
import { projectSandbox, stateOf } from "./project-sandbox.ts";
import { randomProject } from "./random-project.ts";

/** How many random projects; more on request. */
const RUNS = Number(process.env["PROJECT_FILE_RUNS"] ?? 5);
const MOST_PACKAGES = 60;

let here: Awaited<ReturnType<typeof projectSandbox>>;

const exported = async (ownername: string, projectname: string): Promise<string> =>
  formatProjectFile((await exportProject(here.client, { ownername, projectname })).file);
const told = (changes: readonly Change[]): string[] => changes.filter(({ action }) => action !== "set").map(({ path }) => path);
const setTo = (file: ProjectFile, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], file);

test(
  "a random project is applied, exported, applied to another of a group, and exported again: the same text",
  async () => {
    here = await projectSandbox();
    await here.apply({ project: "demo/base", chroots: { "fedora-43-x86_64": {} } });
    await fc.assert(
      fc.asyncProperty(randomProject("one", MOST_PACKAGES), fc.nat(), async (file, choice) => {
        for (const [owner, name] of [
          ["demo", "one"],
          ["@testgroup", "two"],
        ] as const) {
          const old = here.world.findProject(owner, name);
          if (old !== undefined) here.world.removeProject(old);
        }
        // What was written by hand is read as it was meant, also as JSON.
        expect(parseProjectFile(formatProjectFile(file), "file").file).toEqual(file);
        expect(parseProjectFile(JSON.stringify(file), "file").file).toEqual(file);
        expect(await here.apply(file)).toEqual([]);
        expect(told((await here.plan(file)).changes)).toEqual([]);
        expectUntold(file);

        const text = await exported("demo", "one");
        const whole = parseProjectFile(text, "file").file;
        expect(told((await here.plan(whole)).changes)).toEqual([]);
        expect(await here.apply({ ...whole, project: "@testgroup/two" })).toEqual([]);
        expect((await exported("@testgroup", "two")).replace('project: "@testgroup/two"', "project: demo/one")).toBe(text);

        // To apply it once more changes nothing.
        const before = structuredClone(stateOf(here.world, "one"));
        expect(await here.apply(file)).toEqual([]);
        expect(stateOf(here.world, "one")).toEqual(before);
        await expectSingleChange(whole, choice);
      }),
      {
        numRuns: RUNS,
        endOnFailure: process.env["PROJECT_FILE_SHRINK"] === undefined,
        ...(process.env["PROJECT_FILE_SEED"] && { seed: Number(process.env["PROJECT_FILE_SEED"]) }),
      },
    );
  },
  RUNS * 20_000,
);

/** What no route tells has reached the frontend. */
function expectUntold({ settings = {}, chroots = {}, packages = {} }: ProjectFile): void {
  const state = stateOf(here.world, "one");
  for (const name of ["multilib", "fedora_review", "delete_after_days", "runtime_dependencies"] as const) {
    if (settings[name] !== undefined) expect(state.settings[name]).toEqual(settings[name]);
  }
  for (const [name, wanted] of Object.entries(chroots)) {
    const kept = state.chroots.find((one) => one.name === name);
    if (wanted?.bootstrap_image) expect(kept?.bootstrap_image).toBe(wanted.bootstrap_image);
    if (wanted?.bootstrap) expect(kept?.bootstrap).toBe(wanted.bootstrap);
    if (wanted?.comps) expect(kept?.comps).toBe(`<comps>${wanted.comps}</comps>\n`);
  }
  for (const [name, wanted] of Object.entries(packages)) {
    const kept = state.packages.find((one) => one.name === name);
    if (wanted?.max_builds !== undefined) expect(kept?.max_builds).toBe(wanted.max_builds);
    if (wanted?.timeout !== undefined) expect(kept?.timeout).toBe(wanted.timeout);
    if (wanted?.chroot_denylist) expect(kept?.chroot_denylist).toBe(wanted.chroot_denylist.join(", "));
  }
}

/** One value of a whole file is another: one change, which is made, and then there is none. */
async function expectSingleChange(whole: ProjectFile, choice: number): Promise<void> {
  const changes = singleChanges(whole);
  const { path, value, change = path.join("/") } = changes[choice % changes.length] as SingleChange;
  const file = structuredClone(whole);
  (setTo(file, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1) as string] = value;
  expect(told((await here.plan(file)).changes), JSON.stringify({ path, value })).toEqual([change]);
  expect(await here.apply(file)).toEqual([]);
  expect(told((await here.plan(file)).changes)).toEqual([]);
  // Seen from the file as it was, the project has drifted by as much.
  const drift = told((await here.plan(whole)).changes);
  expect(drift).toEqual(isGone(whole, path) ? [] : [change]);
}

interface SingleChange {
  path: string[];
  value: unknown;
  /** Path of the change; default: the same. */
  change?: string;
}

/** Something new is nothing that the old file names. */
function isGone(whole: ProjectFile, path: readonly string[]): boolean {
  return setTo(whole, path) === undefined;
}

function singleChanges({ settings = {}, chroots = {}, packages = {}, permissions = {} }: ProjectFile): SingleChange[] {
  const other = (value: unknown): unknown => {
    if (typeof value === "boolean") return !value;
    if (Array.isArray(value)) return value.length === 0 ? ["other"] : value.slice(1);
    return value === "nspawn" ? "simple" : "nspawn";
  };
  const lists = ["additional_packages", "with_opts", "without_opts", "isolation", "additional_repos", "additional_modules"] as const;
  const [user] = ["bob", "carol", "1234", "null"].filter((name) => permissions[name] === undefined);
  return [
    ...(
      ["unlisted_on_hp", "enable_net", "devel_mode", "module_hotfixes", "appstream", "follow_fedora_branching", "isolation"] as const
    ).map((name) => ({ path: ["settings", name], value: other(settings[name]) })),
    { path: ["settings", "description"], value: `${settings.description}x` },
    { path: ["settings", "repo_priority"], value: (settings.repo_priority ?? 0) + 1 },
    { path: ["settings", "homepage"], value: `https://another.example.org/${(settings.homepage ?? "").length}` },
    ...Object.entries(chroots).flatMap(([name, one]) =>
      lists
        .filter((field) => !/repos|modules/.test(field) || (one?.[field] ?? []).length > 0)
        .map((field) => ({ path: ["chroots", name, field], value: other(one?.[field]) })),
    ),
    ...Object.entries(packages).flatMap(([name, one]) => [
      { path: ["packages", name, "webhook_rebuild"], value: !one?.webhook_rebuild },
      { path: ["packages", name, "source"], value: { type: "rubygems", gem_name: "another" }, ...changeOfSource(one?.source?.type, name) },
    ]),
    {
      path: ["packages", "brand-new.package"],
      value: { source: { type: "scm", clone_url: "https://new.example.org/" }, webhook_rebuild: true },
    },
    ...(user === undefined ? [] : [{ path: ["permissions", user], value: { builder: "approved", admin: "request" } }]),
    ...Object.entries(permissions).map(([name, { admin }]) => ({
      path: ["permissions", name, "admin"],
      value: admin === "request" ? "approved" : "request",
    })),
  ];
}

/** A field of the same type of source is named, the source as a whole else. */
function changeOfSource(type: string | undefined, name: string): { change?: string } {
  return type === "rubygems" ? { change: `packages/${name}/source/gem_name` } : {};
}
