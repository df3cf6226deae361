import { Command } from "commander";
import { buildUrl, packageUrl, projectUrl } from "../../core/builds/build-record.ts";
import { UsageError } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** A page of the frontend. */
export interface OpenedPage {
  url: string;
  /** Whether a browser was started; it is not where there is no desktop. */
  opened: boolean;
}

const shape: Shape<OpenedPage> = {
  fields: { url: "shown", opened: "known" },
  text: ({ url }) => cleanText(`${url}\n`),
};
const printed = printing(shape, { formats: formatsOfActs });

/** `open`: the page of a build, a project or a package. */
export function open(context: Context): Command {
  const command = new Command("open")
    .helpGroup("Projects:")
    .summary("open the web page of a build, a project or a package")
    .argument("<what>", "number of a build; project, as NAME or OWNER/NAME; or package, as OWNER/NAME/PACKAGE");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nPrints the address, too; that is all where there is no desktop. The browser is that of xdg-open, or of BROWSER.\n\n" +
        "Examples:\n  copr-cli open 1234567\n  copr-cli open @copr/copr-dev/copr-cli",
    )
    .action(async (what: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const url = await addressOf(context, what);
      const { openInBrowser } = await import("../../core/process/browser.ts");
      await output.record({ url, opened: await openInBrowser(url) });
    });
}

async function addressOf(context: Context, what: string): Promise<string> {
  const { coprUrl } = await context.config();
  if (/^\d+$/.test(what)) return buildUrl(coprUrl, Number(what));
  const parts = what.split("/");
  if (parts.length > 3 || parts.some((part) => /^\.{0,2}$/.test(part))) {
    throw new UsageError(`'${what}' names no page`, { hint: "Say the number of a build, NAME, OWNER/NAME or OWNER/NAME/PACKAGE." });
  }
  const { ownername, projectname, project_dirname: dirname } = await context.buildTarget(parts.slice(0, 2).join("/"));
  const [, , name] = parts;
  return name === undefined ? projectUrl(coprUrl, ownername, projectname, dirname) : packageUrl(coprUrl, ownername, projectname, name);
}
