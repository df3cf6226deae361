import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { between } from "./between.ts";

/** The rooms of core and what each imports of the others, as the code has it. Files at the top are rooms of their own. */
export function roomArrows(core: string): Map<string, Set<string>> {
  const files = readdirSync(core, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const arrows = new Map<string, Set<string>>(files.map((path) => [roomOf(path), new Set()]));
  for (const path of files) {
    for (const [, specifier = ""] of readFileSync(join(core, path), "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
      const target = roomOf(normalize(join(dirname(path), specifier)));
      if (target !== roomOf(path)) arrows.get(roomOf(path))?.add(target);
    }
  }
  return arrows;
}

function roomOf(path: string): string {
  return dirname(path) === "." ? path : dirname(path);
}

/** What every room may import: to draw it would only hide the other arrows. */
export const foundation: ReadonlySet<string> = new Set(["errors.ts", "version.ts"]);

/** The architecture with a fresh picture of core between its markers; undefined when it has no place for one. */
export function withRooms(architecture: string, arrows: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const rooms = [...arrows.keys()].filter((room) => !foundation.has(room)).toSorted();
  const lines = rooms.flatMap((from) => {
    const targets = [...(arrows.get(from) ?? [])].filter((target) => !foundation.has(target)).toSorted();
    return targets.length === 0 ? [`  ${node(from)}`] : targets.map((to) => `  ${node(from)} --> ${node(to)}`);
  });
  return between(architecture, "rooms", ["```mermaid", "flowchart TD", ...lines, "```"].join("\n"));
}

/** Mermaid's names are plain words; what is shown may hold dots and slashes. */
function node(room: string): string {
  return /\W/.test(room) ? `${room.replaceAll(/\W/g, "-")}["${room}"]` : room;
}
