import { Command } from "commander";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { print } from "../terminal.ts";

/** `metrics`: what this builder has done, does, and has left, for Prometheus. */
export function metrics(): Command {
  return addHostOptions(new Command("metrics"))
    .summary("print what this builder has done and has left, in Prometheus' text format")
    .addHelpText("after", "\nExample:\n  copr-builder metrics")
    .action(async (options: HostOptions) => {
      const host = await readHost(options, { isReader: true });
      const { hostMetrics } = await import("../metrics/host-metrics.ts");
      const { exposition } = await import("../metrics/exposition.ts");
      print(exposition(await hostMetrics(host)));
    });
}
