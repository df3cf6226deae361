import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError } from "../../core/errors.ts";
import { endRunningTask } from "../task/end-task.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHostOptions } from "../options.ts";
import { print, printError } from "../terminal.ts";

/** `cancel`: ends the running task; nothing to do is no failure. */
export function cancel(): Command {
  return addSlotOption(addHostOptions(new Command("cancel")))
    .summary("end the running task")
    .addHelpText("after", "\nExample:\n  copr-builder cancel")
    .action(async (options: HostOptions) => {
      const { directory } = await readHostOptions(options);
      const { outcome, pid, taskId } = await endRunningTask(directory, (text) => printError(`copr-builder: ${cleanText(text)}\n`));
      if (outcome === "stuck") throw new CoprError(`The task of process ${pid} could not be ended`);
      print(outcome === "nothing" ? "No task is running\n" : `${cleanText(`Task ${taskId ?? ""} was canceled`.replace("  ", " "))}\n`);
    });
}
