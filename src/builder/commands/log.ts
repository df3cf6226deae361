import { Command, InvalidArgumentError } from "commander";
import { meantPhase } from "../../core/text/phase-heading.ts";
import { lineShape } from "../log/line-records.ts";
import { followLog, waitForLog } from "../log/log-follower.ts";
import { followPart, tellLines } from "../log/partial-log.ts";
import { addHostOptions, addSlotOption, type HostOptions, pastTime, readHostOptions } from "../options.ts";
import { addOutputOptions, type OutputOptions, openOutput } from "../output.ts";
import { print } from "../terminal.ts";

interface LogOptions extends HostOptions, OutputOptions {
  follow?: boolean;
  fromOffset: number;
  phase?: string;
  /** Epoch seconds. */
  since?: number;
}

/** A follower may be started together with the task. */
const PATIENCE_MS = 10_000;

/** `log`: prints the live log or a part of it, from any offset, to its end. */
export function log(): Command {
  const command = addSlotOption(addHostOptions(new Command("log")))
    .summary("print the log of the task")
    .option("--follow", "go on until the task ends")
    .option("--from-offset <bytes>", "leave out what comes before this offset", offset, 0)
    .option(
      "--phase <phase>",
      "only this phase: starting, fetching, sources, chroot, building or collecting; a beginning such as build will do",
    )
    .option("--since <time>", "only what was written since, e.g. 10m, 2h or 2026-11-28T14:00", pastTime)
    .addHelpText(
      "after",
      "\nExamples:\n  copr-builder log --follow --from-offset 4096\n  copr-builder log --phase build --since 10m --output-format jsonl",
    );
  return addOutputOptions(command, lineShape).action(async ({ follow = false, fromOffset, phase, since, ...options }: LogOptions) => {
    const output = openOutput(options, lineShape);
    const part = { phase: phase === undefined ? undefined : meantPhase(phase), sinceMs: since === undefined ? undefined : since * 1000 };
    const { directory } = await readHostOptions(options);
    if (follow) await waitForLog(directory, { forMs: PATIENCE_MS, everyMs: 100 });
    const followed = { directory, fromOffset, isFollowing: follow };
    if (output.isData || output.isChosen) {
      const list = output.writer.begin();
      await tellLines(followed, part, (record) => {
        list.add(record);
        return output.hasReader;
      });
      list.end();
    } else if (phase === undefined && since === undefined) await followLog({ ...followed, write: print });
    else await followPart(followed, part, print);
  });
}

function offset(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It is no number of bytes.");
  return Number(text);
}
