import { Command } from "commander";
import type { Shape } from "../../core/records/shape.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError } from "../../core/errors.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHostOptions } from "../options.ts";
import { addOutputOptions, type OutputOptions, openOutput } from "../output.ts";
import { printError } from "../terminal.ts";

/** How a cancel went. */
export interface CancelRecord {
  /** "nothing": no task was running. */
  outcome: "canceled" | "nothing";
  /** Of the task that ran, or ran last; null where it is not known. */
  task_id: string | null;
  pid: number | null;
  /** What a person should know. */
  warnings: string[];
}

const cancelShape: Shape<CancelRecord> = { fields: { outcome: "shown", task_id: "shown", pid: "shown", warnings: "known" } };

/** `cancel`: ends the running task; nothing to do is no failure. */
export function cancel(): Command {
  const command = addSlotOption(addHostOptions(new Command("cancel")))
    .summary("end the running task")
    .addHelpText("after", "\nExample:\n  copr-builder cancel");
  return addOutputOptions(command, cancelShape).action(async (options: HostOptions & OutputOptions) => {
    const output = openOutput(options, cancelShape);
    const { directory } = await readHostOptions(options);
    const warnings: string[] = [];
    const { endRunningTask } = await import("../task/end-task.ts");
    const { outcome, pid, taskId } = await endRunningTask(directory, (text) => {
      if (output.isData) warnings.push(cleanText(text));
      else printError(`copr-builder: ${cleanText(text)}\n`);
    });
    if (outcome === "stuck")
      throw new CoprError(`The task of process ${pid} could not be ended`, { hint: warnings.join(" ") || undefined });
    const isNothing = outcome === "nothing";
    await output.record(
      { outcome: isNothing ? "nothing" : "canceled", task_id: taskId ?? null, pid: pid ?? null, warnings },
      isNothing ? "No task is running\n" : `${cleanText(`Task ${taskId ?? ""} was canceled`.replace("  ", " "))}\n`,
    );
  });
}
