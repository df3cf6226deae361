import type { BuildPart } from "../../core/builds/build-sight.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Terminal } from "../terminal.ts";
import { colorState } from "./state-color.ts";

/** Lists the parts of a build to choose from, on standard error: a line each, with its state. */
export function listParts(terminal: Terminal, parts: readonly Pick<BuildPart, "name" | "state">[]): void {
  const width = Math.max(...parts.map(({ name }) => cleanText(name).length));
  for (const { name, state } of parts) terminal.error(`  ${cleanText(name).padEnd(width)}  ${colorState(state, false)}\n`);
}
