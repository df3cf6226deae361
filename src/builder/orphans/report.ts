import { cleanLine } from "../../core/text/clean-text.ts";
import { builderExitCodes } from "../errors.ts";
import type { BuilderHost } from "../options.ts";
import type { Output } from "../output.ts";
import { print, printError } from "../terminal.ts";
import type { OrphanRecord } from "./orphan.ts";
import { lineOf, summaryOf } from "./orphan-text.ts";
import { sweepOrphans } from "./sweep.ts";

const NAME = "copr-builder-cleanup";

/** Removes what tasks have left, or lists it, and tells of each. Resolves to the exit status: 1 if something had to stay. */
export async function reportOrphans(host: BuilderHost, output: Output<OrphanRecord>, isDryRun: boolean): Promise<number> {
  const records: OrphanRecord[] = [];
  const isForPeople = !output.isData && !output.isChosen;
  let troubles = 0;
  const list = output.writer.begin();
  await sweepOrphans(host, {
    isDryRun,
    onRecord(record) {
      records.push(record);
      if (record.outcome === "failed" && isForPeople) printError(`${NAME}: ${lineOf(record)}\n`);
      else list.add(record);
    },
    onTrouble(message) {
      troubles += 1;
      printError(`${NAME}: ${cleanLine(message)}\n`);
    },
  });
  list.end();
  if (isForPeople) print(`${summaryOf(records, { isDryRun, troubles })}\n`);
  const isDone = troubles === 0 && records.every(({ outcome }) => outcome !== "failed");
  return isDone ? builderExitCodes.ok : builderExitCodes.failed;
}
