import { Command } from "commander";
import { getMonitor, type Monitor } from "../../core/api/index.ts";
import { UsageError } from "../../core/errors.ts";
import { buildUrl } from "../build-url.ts";
import type { Context } from "../context.ts";
import { pythonText } from "../format/python-text.ts";
import { type OutputFormat, printRecords, type ShownFields, type ShownPairs } from "../format/records.ts";
import { outputFormatOption } from "../options/output-format.ts";
import { projectArgument } from "../options/targets.ts";

const defaultFields = ["name", "chroot", "build_id", "state", "pkg_version"];
/** What the frontend adds only on request. */
const requestedFields = ["url_build_log", "url_backend_log"];
const allowedFields = [...defaultFields, ...requestedFields, "url_build"];

interface MonitorOptions {
  dirname?: string;
  outputFormat: OutputFormat;
  fields: string;
}

/** `monitor`: the latest build of each package in each chroot. */
export function monitor(context: Context): Command {
  return new Command("monitor")
    .helpGroup("Packages:")
    .summary("show the latest build of each package in each chroot")
    .addArgument(projectArgument())
    .option("--dirname <directory>", "project directory, as NAME:DIRECTORY")
    .addOption(outputFormatOption("json"))
    .option("--fields <names>", `what to show, separated by commas: ${allowedFields.join(", ")}`, defaultFields.join(","))
    .addHelpText("after", "\nExample:\n  copr-cli monitor @copr/copr-dev --output-format text-row --fields name,chroot,state")
    .action(async (name: string, options: MonitorOptions) => {
      const fields = readFields(options.fields);
      const { coprUrl } = await context.config();
      const project = await context.project(name);
      const answer = await getMonitor(await context.transport(), project, {
        project_dirname: options.dirname,
        additionalFields: requestedFields.filter((field) => fields.includes(field)),
      });
      await printRecords(context.terminal, shown(answer, fields, coprUrl), options.outputFormat);
    });
}

function readFields(text: string): string[] {
  if (text === "") return defaultFields;
  const fields = text.split(",").map((field) => field.trim());
  const unknown = fields.filter((field) => !allowedFields.includes(field));
  if (unknown.length === 0) return fields;
  throw new UsageError(`Unknown field(s) specified in --fields: ${pythonText(unknown)}, allowed: ${pythonText(allowedFields)}`);
}

function* shown({ packages }: Monitor, fields: readonly string[], coprUrl: string): Iterable<ShownPairs> {
  for (const { name, chroots } of packages) {
    for (const [chroot, result] of Object.entries(chroots)) {
      const known: ShownFields = { name, chroot, url_build: buildUrl(coprUrl, result.build_id), ...result };
      yield fields.map((field) => [field, known[field]]);
    }
  }
}
