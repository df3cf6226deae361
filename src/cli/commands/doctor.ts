import { Command } from "commander";
import { exitCodes } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import type { Finding } from "../doctor/finding.ts";
import { addInstanceOption, chosenPlace, type InstanceOptions } from "../options/instance.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { QuietEnd } from "../quiet-end.ts";
import type { Shape } from "../../core/records/shape.ts";

const shape: Shape<Finding> = {
  fields: { name: "shown", state: "shown", message: "shown", advice: "shown" },
  text: (finding, hasColor) => describe(finding, hasColor),
};
const printed = printing(shape);

/** `doctor`: what keeps copr-cli from working on this machine, and what to do about it. */
export function doctor(context: Context): Command {
  const command = addInstanceOption(
    new Command("doctor").helpGroup("Account:").summary("look for what keeps copr-cli from working, and say what to do"),
  );
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nLooks at the configuration, the server with its clock and certificate, proxies, the API token, Kerberos and the tools on this " +
        "machine; changes nothing. The exit status is 1 when a check has failed; warnings do not count.\n\n" +
        "Examples:\n  copr-cli doctor\n  copr-cli doctor --instance staging --json",
    )
    .action(async (options: InstanceOptions & OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const place = chosenPlace(context, options);
      const { examine } = await import("../doctor/examine.ts");
      let hasFailed = false;
      await output.records(
        (async function* () {
          for await (const finding of examine(context, place)) {
            hasFailed ||= finding.state === "failed";
            yield finding;
          }
        })(),
      );
      if (hasFailed) throw new QuietEnd(exitCodes.request);
    });
}

const colors: Readonly<Record<Finding["state"], number>> = { ok: 32, warning: 33, failed: 31, skipped: 90 };
const NAME_WIDTH = "configuration".length;
const STATE_WIDTH = "warning".length;

function describe({ name, state, message, advice }: Finding, hasColor: boolean): string {
  const word = state.padEnd(STATE_WIDTH);
  const sign = hasColor ? `\u001b[${colors[state]}m${word}\u001b[0m` : word;
  return `${sign}  ${cleanText(`${name.padEnd(NAME_WIDTH)}  ${message}${advice === null ? "" : ` ${advice}`}`)}\n`;
}
