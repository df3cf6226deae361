import { stat } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { lineRecords, lineShape } from "../log/line-records.ts";
import { followLog, waitForLog } from "../log/log-follower.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHostOptions } from "../options.ts";
import { addOutputOptions, type OutputOptions, openOutput } from "../output.ts";
import { print } from "../terminal.ts";

interface LogOptions extends HostOptions, OutputOptions {
  follow?: boolean;
  fromOffset: number;
}

/** A follower may be started together with the task. */
const PATIENCE_MS = 10_000;

/** `log`: prints the live log, from any offset, to its end. */
export function log(): Command {
  const command = addSlotOption(addHostOptions(new Command("log")))
    .summary("print the log of the task")
    .option("--follow", "go on until the task ends")
    .option("--from-offset <bytes>", "leave out what comes before this offset", offset, 0)
    .addHelpText("after", "\nExample:\n  copr-builder log --follow --from-offset 4096");
  return addOutputOptions(command, lineShape).action(async ({ follow = false, fromOffset, ...options }: LogOptions) => {
    const output = openOutput(options, lineShape);
    const { directory } = await readHostOptions(options);
    if (follow) await waitForLog(directory, { forMs: PATIENCE_MS, everyMs: 100 });
    const followed = { directory, fromOffset, isFollowing: follow };
    if (!output.isData && !output.isChosen) return followLog({ ...followed, write: print });
    const known = follow ? ((await stat(directory.liveLog).catch(() => undefined))?.size ?? 0) : Number.POSITIVE_INFINITY;
    const list = output.writer.begin();
    const lines = lineRecords(fromOffset, known, list.add);
    await followLog({
      ...followed,
      write: (bytes) => {
        lines.push(bytes);
        return output.hasReader;
      },
    });
    lines.end();
    list.end();
  });
}

function offset(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It is no number of bytes.");
  return Number(text);
}
