import { Command, Option } from "commander";
import { addProject, type NewProject } from "../../core/api/index.ts";
import { added } from "../arguments.ts";
import type { Context } from "../context.ts";
import type { CreatedProject } from "../create-unless-there.ts";
import { addProjectOptions, type ProjectCommandOptions, readProjectOptions } from "../options/project.ts";
import { collect, onOff } from "../options/values.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";
import { projectShape } from "../output/shapes/project.ts";

const shape: Shape<CreatedProject> = { ...projectShape, fields: { ...projectShape.fields, existed: "known", differing: "known" } };
const printed = printing(shape, { formats: formatsOfActs });

interface CreateOptions extends ProjectCommandOptions, OutputOptions {
  persistent?: boolean;
  storage?: string;
  fedoraReview?: boolean;
  existOk?: boolean;
}

/** `create`: a new project. */
export function create(context: Context): Command {
  const command = new Command("create")
    .helpGroup("Projects:")
    .summary("create a project")
    .argument("<name>", "name of the project, or OWNER/NAME");
  addProjectOptions(command)
    .option("--initial-pkgs <url>", "accepted for old scripts, has no effect", collect)
    .option("--persistent", "never delete the project's builds (administrators only)")
    .option("--fedora-review", "run the fedora-review tool on builds")
    .addOption(command.createOption("--storage <type>", "where results are kept (administrators only)").choices(["backend", "pulp"]))
    .addOption(added(new Option("--exist-ok", "a project of this name that is there already is fine, and stays as it is")));
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nWith --exist-ok an existing project is not changed; what it has otherwise than asked for is told.\n\n" +
        "Examples:\n  copr-cli create hello --chroot fedora-rawhide-x86_64 --description 'Says hello'\n" +
        "  copr-cli create hello --chroot fedora-rawhide-x86_64 --exist-ok",
    )
    .action(async (name: string, options: CreateOptions) => {
      const output = printed.open(context.terminal, options);
      const transport = await context.authenticated();
      const { ownername, projectname } = await context.project(name);
      const wanted = newProject(projectname, options);
      const owner = ownername.replaceAll("@", "g/");
      const url = `${transport.coprUrl}/coprs/${owner}/${projectname}/`;
      if (options.existOk) {
        const { createUnlessThere } = await import("../create-unless-there.ts");
        return createUnlessThere(transport, output, { ownername, wanted, asked: readProjectOptions(options), url });
      }
      const project = await addProject(transport, ownername, wanted);
      await output.record(project, `New project was successfully created: ${url}\n`);
    });
}

/** Every key is always sent; null means the frontend's default. Unlike in `modify`, absent switches mean a value. */
function newProject(name: string, options: CreateOptions): NewProject {
  const { repos, ...settings } = readProjectOptions(options);
  return {
    ...settings,
    name,
    additional_repos: repos,
    homepage: null,
    contact: null,
    bootstrap: options.bootstrap ?? "default",
    bootstrap_image: null,
    isolation: options.isolation ?? "default",
    enable_net: onOff(options.enableNet ?? "off"),
    auto_prune: onOff(options.autoPrune ?? "on"),
    module_hotfixes: onOff(options.moduleHotfixes ?? "off"),
    multilib: onOff(options.multilib ?? "off"),
    appstream: onOff(options.appstream ?? "off"),
    follow_fedora_branching: onOff(options.followFedoraBranching ?? "on"),
    fedora_review: options.fedoraReview ?? false,
    persistent: options.persistent ?? false,
    storage: options.storage ?? null,
  };
}
