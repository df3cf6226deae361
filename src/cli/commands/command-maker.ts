import type { Command } from "commander";
import type { Context } from "../context.ts";

/** Makes a command of a context. */
export type CommandMaker = (context: Context) => Command;
