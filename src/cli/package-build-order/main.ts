import { Command, CommanderError } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import { createClientFromConfig } from "../../core/client.ts";
import { ConfigurationError, exitCodes, isNotFound, RequestError } from "../../core/errors.ts";
import { createTerminal } from "../terminal.ts";
import { buildOrder } from "./order.ts";

interface Options {
  project?: string;
  chroot?: string;
}

/**
 * Runs package-build-order, a small program of its own beside copr-cli. Its complaints go to standard output with
 * exit status 1, as upstream's do. Only the order in a Copr project is told: Koji's own client tells Koji's.
 */
export async function main(words: readonly string[]): Promise<void> {
  const terminal = createTerminal();
  const program = new Command("package-build-order")
    .description("List packages in the order in which they were built")
    .option("--config <path>", "configuration file instead of ~/.config/copr")
    .option("-e, --list-each", "list each build of a package, not only its first");
  program
    .command("copr")
    .description("the order in a Copr project")
    .option("-p, --project <owner/project>", "the project")
    .option("-c, --chroot <chroot>", "only builds in this chroot")
    .action(async ({ project, chroot }: Options) => {
      const { config, listEach } = program.opts<{ config?: string; listEach?: boolean }>();
      process.exitCode = await print(project, { config, chroot, listEach });
    });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.error(text) });
  }
  if (words.length === 0) return terminal.out(program.helpInformation());
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  process.exit();

  async function print(
    project: string | undefined,
    options: { config?: string | undefined; chroot?: string | undefined; listEach?: boolean | undefined },
  ): Promise<number> {
    const [ownername, projectname] = project?.split("/") ?? [];
    if (!ownername || !projectname) {
      terminal.out("You need to specify Copr project to list package build order.\n");
      return exitCodes.request;
    }
    try {
      const client = await createClientFromConfig(options.config, { attempts: 1 });
      for await (const label of buildOrder(client, { ownername, projectname }, options)) terminal.out(`${cleanText(label)}\n`);
      return exitCodes.ok;
    } catch (error) {
      if (error instanceof ConfigurationError) terminal.out(`${error.message}\n`);
      else if (!(error instanceof RequestError)) throw error;
      else terminal.out(isNotFound(error) ? `No copr project ${ownername}/${projectname}.\n` : "Failed to get information from Copr.\n");
      return error.exitCode;
    }
  }
}
