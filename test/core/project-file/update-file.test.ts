import fc from "fast-check";
import { expect, test } from "vitest";
import { Document, isMap, isScalar, type YAMLMap } from "yaml";
import { exportProject } from "../../../src/core/project-file/export-project.ts";
import type { ProjectFile } from "../../../src/core/project-file/project-file.ts";
import { parseProjectFile } from "../../../src/core/project-file/read-file.ts";
import { updatedFile } from "../../../src/core/project-file/update-file.ts";
import { quoteOddTexts, yamlStyle } from "../../../src/core/project-file/write-file.ts";
import { randomNumbers } from "../../support/random.ts";
import { projectSandbox } from "./project-sandbox.ts";
import { randomProject } from "./random-project.ts";

/** How many random projects; more on request. */
const RUNS = Number(process.env["PROJECT_FILE_RUNS"] ?? 5);
const MOST_PACKAGES = 12;
const ref = { ownername: "demo", projectname: "one" };

type Random = () => number;
/** Names of keys from the top of the file. */
type Path = readonly string[];
/** What stands in a file beside its values. */
interface Comment {
  path: Path;
  text: string;
}

/** A file as somebody may have written it: sections and keys in any order, some of them with comments, some maps in braces. */
function handWritten(file: ProjectFile, random: Random): { text: string; comments: Comment[] } {
  const document = new Document(file, { version: "1.2", compat: "yaml-1.1", aliasDuplicateObjects: false });
  quoteOddTexts(document.contents);
  const comments: Comment[] = [];
  const commentOn = (path: Path): string => {
    const text = ` comment-${comments.length}.`;
    comments.push({ path, text });
    return text;
  };
  const decorate = (map: YAMLMap, above: Path): void => {
    map.items = map.items
      .map((pair) => ({ pair, place: random() }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ pair }) => pair);
    for (const { key, value } of map.items) {
      if (!isScalar(key)) continue;
      const path = [...above, String(key.value)];
      if (random() < 0.3) key.commentBefore = commentOn(path);
      if (random() < 0.2 && map.items[0]?.key !== key) key.spaceBefore = true;
      const isOneLine = isScalar(value) && !String(value.value).includes("\n");
      if (isOneLine && random() < 0.3) value.comment = commentOn(path);
      if (!isMap(value)) continue;
      if (path.length === 3 && random() < 0.3) value.flow = true;
      else decorate(value, path);
    }
  };
  decorate(document.contents as unknown as YAMLMap, []);
  return { text: document.toString(yamlStyle), comments };
}

/** What the project becomes: another one, with some of the packages and chroots of before, as they are or not. */
function later(before: ProjectFile, other: ProjectFile, random: Random): ProjectFile {
  const some = <T>(things: Record<string, T> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries(things).filter(() => random() < 0.6));
  return {
    ...other,
    chroots: { ...some(before.chroots), ...other.chroots },
    packages: { ...some(before.packages), ...other.packages },
    permissions: { ...some(before.permissions), ...other.permissions },
  };
}

/** Whether the project is told as the file says it: a role that nobody has is not, and the dist-git that is meant is named. */
function isAsWritten({ permissions = {}, packages = {} }: ProjectFile): boolean {
  const hasRoles = Object.values(permissions).every((roles) => Object.values(roles).some((state) => state !== "nothing"));
  return hasRoles && Object.values(packages).every((one) => one?.source?.type !== "distgit" || one.source.distgit !== undefined);
}

function keysAt(file: unknown, path: Path): string[] | undefined {
  let value = file;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** Every mapping that both files have keeps its keys in the order of the first. */
function expectOrder(before: unknown, after: unknown, path: Path = []): void {
  const old = keysAt(before, path) ?? [];
  const now = keysAt(after, path) ?? [];
  expect(
    now.filter((key) => old.includes(key)),
    path.join("/"),
  ).toEqual(old.filter((key) => now.includes(key)));
  for (const key of now.filter((key) => old.includes(key))) if (path.length < 3) expectOrder(before, after, [...path, key]);
}

test(
  "a random file with comments is brought up to date with a random project",
  async () => {
    const here = await projectSandbox();
    await here.apply({ project: "demo/base", chroots: { "fedora-43-x86_64": {} } });
    const exported = () => exportProject(here.client, ref);
    const any = randomProject("one", MOST_PACKAGES);
    await fc.assert(
      fc.asyncProperty(any, any, fc.nat(), async (file, other, seed) => {
        const old = here.world.findProject("demo", "one");
        if (old !== undefined) here.world.removeProject(old);
        const random = randomNumbers(seed);
        const { text, comments } = handWritten(file, random);
        const before = parseProjectFile(text, "f").file;
        expect(before).toEqual(file);
        expect(await here.apply(file)).toEqual([]);
        if (isAsWritten(file)) expect(updatedFile(text, await exported(), "f")).toBe(text);

        // What can't be changed stays as it was, which is as good a state as any.
        await here.apply(later(file, other, random), true);
        const updated = updatedFile(text, await exported(), "f");
        const after = parseProjectFile(updated, "f").file;
        const left = (await here.plan(after, true)).changes.filter(({ action }) => action !== "set");
        expect(left).toEqual([]);
        expect(updatedFile(updated, await exported(), "f")).toBe(updated);
        for (const { path, text: comment } of comments)
          if (keysAt(after, path) !== undefined) expect(updated, `${path.join("/")} of\n${text}`).toContain(comment);
        expectOrder(before, after);
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
