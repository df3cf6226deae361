import { Command } from "commander";
import { listMockChroots } from "../../core/api/index.ts";
import { ResponseError } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** A chroot of the instance. */
export interface ListedChroot {
  name: string;
  /** What the administrators say of it; empty when there is nothing to say. */
  comment: string | null;
}

const shape: Shape<ListedChroot> = {
  fields: { name: "shown", comment: "shown" },
  text: ({ name, comment }) => cleanText(`${name}\n${indent(comment)}`),
};
const printed = printing(shape);

/** `list-chroots`: what one can build for. */
export function listChroots(context: Context): Command {
  const command = new Command("list-chroots").helpGroup("Chroots:").summary("list the chroots one can build for");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli list-chroots | grep fedora")
    .action(async (options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const chroots = Object.entries(await listMockChroots(await context.transport()));
      // The answer has no field of its own by which one could tell that it is none.
      if (chroots.some(([, comment]) => typeof comment !== "string" && comment !== null)) {
        throw new ResponseError("The frontend's answer is no list of chroots with their comments.");
      }
      await output.records(chroots.map(([name, comment]) => ({ name, comment })));
    });
}

function indent(comment: string | null): string {
  if (!comment) return "";
  return comment
    .split("\n")
    .map((line) => `    ${line}\n`)
    .join("");
}
