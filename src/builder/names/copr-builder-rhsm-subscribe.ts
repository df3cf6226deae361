import { Command } from "commander";
import { builderExitCodes } from "../errors.ts";
import { print } from "../terminal.ts";
import { readKey } from "../host/activation-key.ts";
import { subscribe } from "../host/subscription.ts";
import { parseWords } from "./parse-words.ts";

/** The command line of `copr-builder-rhsm-subscribe`. */
export function createProgram(): Command {
  return new Command("copr-builder-rhsm-subscribe")
    .summary("register this machine with Red Hat")
    .description("Registers this machine with Red Hat. The activation key comes from standard input, so that no other process sees it.")
    .requiredOption("--org-id <id>", "organisation")
    .requiredOption("--system-name <name>", "name of this machine")
    .option("--version", "print the version")
    .allowExcessArguments(false);
}

/** `copr-builder-rhsm-subscribe`: ends as subscription-manager ends. */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  if (!parseWords(program, words)) return builderExitCodes.ok;
  const { orgId, systemName } = program.opts<{ orgId: string; systemName: string }>();
  return subscribe({ orgId, systemName, key: await readKey("rhsm key: ") }, print);
}
