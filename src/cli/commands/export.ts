import { Argument, Command, Option } from "commander";
import { UsageError } from "../../core/errors.ts";
import type { ExportedProject } from "../../core/project-file/export-project.ts";
import type { ProjectFile } from "../../core/project-file/project-file.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import type { Shape } from "../../core/records/shape.ts";
import type { Context } from "../context.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { contentOf } from "../project-file/named-file.ts";

const shape: Shape<ProjectFile> = {
  fields: { project: "shown", settings: "shown", chroots: "shown", packages: "shown", permissions: "shown", $schema: "known" },
};
const printed = printing(shape, { formats: formatsOfActs });

interface ExportOptions extends OutputOptions {
  update?: string;
}

/** `export`: a project as a file. */
export function exportCommand(context: Context): Command {
  const command = new Command("export")
    .helpGroup("Projects:")
    .summary("describe a project as a file")
    .addArgument(new Argument("[project]", "project, as NAME or OWNER/NAME; with --update that of the file when left out"))
    .addOption(new Option("--update <file>", "bring this file up to date; its comments stay"));
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nPrints settings, chroots, packages and permissions as YAML, or as JSON; 'copr-cli apply' makes a project of it. What the\n" +
        "API does not tell is not in it, nor are secrets. --update changes what differs, adds what is new and takes out what has\n" +
        "gone, in the sections that the file has.\n\n" +
        "Examples:\n  copr-cli export @copr/copr-dev >copr.yaml\n  copr-cli export --update copr.yaml",
    )
    .action(async (name: string | undefined, { update, ...options }: ExportOptions) => {
      const output = printed.open(context.terminal, options);
      if (name === undefined && update === undefined) throw new UsageError("Name the project, or a file of one with --update");
      const { exportProject } = await import("../../core/project-file/export-project.ts");
      const ref = await context.project(name ?? (await projectOf(update as string)));
      const exported = await exportProject(await context.transport(), ref);
      if (exported.permissionsRefusal !== undefined) {
        context.terminal.notice(`The permissions are left out: ${exported.permissionsRefusal}\n`);
      }
      const { formatProjectFile } = await import("../../core/project-file/write-file.ts");
      if (update === undefined) return output.record(exported.file, formatProjectFile(exported.file));
      const isChanged = await updateFile(update, exported);
      await output.record(exported.file, `${update} ${isChanged ? "was updated" : "is up to date"}.\n`);
    });
}

async function projectOf(path: string): Promise<string> {
  const { parseProjectFile } = await import("../../core/project-file/read-file.ts");
  return parseProjectFile(await contentOf(path), path).file.project;
}

async function updateFile(path: string, exported: ExportedProject): Promise<boolean> {
  const [{ updatedFile }, { writeFileAtomic }] = await Promise.all([
    import("../../core/project-file/update-file.ts"),
    import("../../core/files/atomic-file.ts"),
  ]);
  const content = await contentOf(path);
  const text = updatedFile(content, exported, path);
  if (Buffer.from(content).equals(Buffer.from(text))) return false;
  await writeFileAtomic(path, text);
  return true;
}
