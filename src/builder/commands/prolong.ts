import { Command, InvalidArgumentError } from "commander";
import { CoprError } from "../../core/errors.ts";
import { builderExitCodes } from "../errors.ts";
import {
  type ExpirationRecord,
  expirationShape,
  formatMinutes,
  formatTime,
  latestExpiration,
  readExpiration,
  writeExpiration,
} from "../host/expiration.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { addOutputOptions, type Output, type OutputOptions, openOutput } from "../output.ts";
import { print } from "../terminal.ts";

interface ProlongOptions extends HostOptions, OutputOptions {
  hours: number;
}

/** `prolong`: keeps a machine that was lent to a user for longer. */
export function prolong(setExitCode: (code: number) => void): Command {
  const command = addHostOptions(new Command("prolong"))
    .summary("keep this machine for longer")
    .requiredOption("--hours <number>", "how many hours longer", hours)
    .addHelpText("after", "\nExample:\n  copr-builder prolong --hours 2");
  return addOutputOptions(command, expirationShape).action(async (options: ProlongOptions) => {
    const output = openOutput(options, expirationShape);
    const { settings } = await readHost(options, { isReader: true });
    setExitCode(await prolongBy(options.hours, settings.expirationPath, output));
  });
}

async function prolongBy(hours: number, path: string, output: Output<ExpirationRecord>): Promise<number> {
  const expiration = await readExpiration(path);
  if (expiration === undefined) {
    return refuse(
      output,
      `Cannot find the builder expiration.
The file ${path} probably doesn't exist.
If you are a Copr user, please report this issue.
If you are a Copr admin, be aware that this command only works on builders with user SSH access.`,
    );
  }
  const wanted = expiration + hours * 3600;
  const latest = await latestExpiration();
  if (latest === undefined) throw new CoprError("There is no ~/.ssh/authorized_keys to count the longest time from");
  if (wanted > latest) {
    return refuse(output, `You wanted to prolong the builder until ${formatMinutes(wanted)}\nbut the limit is ${formatMinutes(latest)}`);
  }
  await writeExpiration(path, wanted);
  await output.record({ expires_on: wanted }, `Prolonged to ${formatTime(wanted)}\n`);
  return builderExitCodes.ok;
}

/** Upstream tells it on standard output, where a program finds data only. */
function refuse(output: Output<ExpirationRecord>, text: string): number {
  if (output.isData) throw new CoprError(text);
  print(`${text}\n`);
  return builderExitCodes.failed;
}

function hours(text: string): number {
  if (!/^[+-]?\d{1,6}$/.test(text)) throw new InvalidArgumentError("It is no number of hours.");
  return Number(text);
}
