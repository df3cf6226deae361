import { Command, InvalidArgumentError } from "commander";
import { CoprError } from "../../core/errors.ts";
import { builderExitCodes } from "../errors.ts";
import { formatMinutes, formatTime, latestExpiration, readExpiration, writeExpiration } from "../host/expiration.ts";
import { addHostOptions, type HostOptions, readHost } from "../options.ts";
import { print } from "../terminal.ts";

/** `prolong`: keeps a machine that was lent to a user for longer. */
export function prolong(setExitCode: (code: number) => void): Command {
  return addHostOptions(new Command("prolong"))
    .summary("keep this machine for longer")
    .requiredOption("--hours <number>", "how many hours longer", hours)
    .addHelpText("after", "\nExample:\n  copr-builder prolong --hours 2")
    .action(async (options: HostOptions & { hours: number }) => {
      const { settings } = await readHost(options, { isReader: true });
      setExitCode(await prolongBy(options.hours, settings.expirationPath));
    });
}

async function prolongBy(hours: number, path: string): Promise<number> {
  const expiration = await readExpiration(path);
  if (expiration === undefined) {
    print(`Cannot find the builder expiration.
The file ${path} probably doesn't exist.
If you are a Copr user, please report this issue.
If you are a Copr admin, be aware that this command only works on builders with user SSH access.
`);
    return builderExitCodes.failed;
  }
  const wanted = expiration + hours * 3600;
  const latest = await latestExpiration();
  if (latest === undefined) throw new CoprError("There is no ~/.ssh/authorized_keys to count the longest time from");
  if (wanted > latest) {
    print(`You wanted to prolong the builder until ${formatMinutes(wanted)}\nbut the limit is ${formatMinutes(latest)}\n`);
    return builderExitCodes.failed;
  }
  await writeExpiration(path, wanted);
  print(`Prolonged to ${formatTime(wanted)}\n`);
  return builderExitCodes.ok;
}

function hours(text: string): number {
  if (!/^[+-]?\d{1,6}$/.test(text)) throw new InvalidArgumentError("It is no number of hours.");
  return Number(text);
}
