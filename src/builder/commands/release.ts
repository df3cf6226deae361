import { Command } from "commander";
import { expirationShape, writeExpiration } from "../host/expiration.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { addOutputOptions, type OutputOptions, openOutput } from "../output.ts";

/** `release`: gives a machine that was lent to a user back. */
export function release(): Command {
  const command = addHostOptions(new Command("release"))
    .summary("give this machine back; it will be destroyed")
    .addHelpText("after", "\nExample:\n  copr-builder release");
  return addOutputOptions(command, expirationShape).action(async (options: HostOptions & OutputOptions) => {
    const output = openOutput(options, expirationShape);
    const { settings } = await readHost(options, { isReader: true });
    await writeExpiration(settings.expirationPath, 0);
    await output.record({ expires_on: 0 }, "Releasing this VM, it will be shut-down soon\n");
  });
}
