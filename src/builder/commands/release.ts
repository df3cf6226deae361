import { Command } from "commander";
import { writeExpiration } from "../host/expiration.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { print } from "../terminal.ts";

/** `release`: gives a machine that was lent to a user back. */
export function release(): Command {
  return addHostOptions(new Command("release"))
    .summary("give this machine back; it will be destroyed")
    .addHelpText("after", "\nExample:\n  copr-builder release")
    .action(async (options: HostOptions) => {
      const { settings } = await readHost(options, { isReader: true });
      await writeExpiration(settings.expirationPath, 0);
      print("Releasing this VM, it will be shut-down soon\n");
    });
}
