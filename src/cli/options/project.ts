import { type Command, Option } from "commander";
import { booleanWord, collect, onOff, onOffOption } from "./values.ts";

/** Settings that `create` and `modify` share. */
export interface ProjectCommandOptions {
  chroot?: string[];
  description?: string;
  instructions?: string;
  disable_createrepo?: boolean;
  enableNet?: string;
  unlistedOnHp?: string;
  autoPrune?: string;
  isolation?: string;
  bootstrap?: string;
  deleteAfterDays?: string;
  moduleHotfixes?: string;
  multilib?: string;
  appstream?: string;
  followFedoraBranching?: string;
  repoPriority?: string;
  repo?: string[];
  runtimeRepoDependency?: string[];
  packitForgeProjectAllowed?: string[];
}

/** Adds the settings of a project. */
export function addProjectOptions(command: Command): Command {
  return command
    .optionsGroup("Project options:")
    .option("--chroot <chroot>", "chroot to build for; may be repeated", collect)
    .option("--description <text>", "what the project is")
    .option("--instructions <text>", "how to use the project")
    .option("--repo <url>", "repository that builds may use; may be repeated", collect)
    .option("--runtime-repo-dependency <url>", "repository that users of the project need; may be repeated", collect)
    .option("--packit-forge-project-allowed <project>", "forge project that may build here through Packit; may be repeated", collect)
    .option("--disable_createrepo <yes|no>", "do not make repository metadata after each build", booleanWord)
    .addOption(onOffOption("--enable-net", "network access during builds"))
    .addOption(onOffOption("--unlisted-on-hp", "hide the project on the home page"))
    .addOption(onOffOption("--auto-prune", "delete old builds"))
    .addOption(onOffOption("--module-hotfixes", "set module_hotfixes in the repository files"))
    .addOption(onOffOption("--multilib", "offer the 32-bit packages to 64-bit users"))
    .addOption(onOffOption("--appstream", "make AppStream metadata"))
    .addOption(onOffOption("--follow-fedora-branching", "add the chroot of a new Fedora branch"))
    .addOption(new Option("--isolation <method>", "how mock isolates builds").choices(["simple", "nspawn", "default"]))
    .addOption(new Option("--bootstrap <mode>", "how mock makes chroots").choices(["default", "on", "off", "image"]))
    .option("--delete-after-days <days>", "delete the project after this time, -1 for never")
    .option("--repo-priority <number>", "priority of the project's repository for dnf");
}

/** The settings as the frontend wants them; null where nothing was said. */
export function readProjectOptions(options: ProjectCommandOptions) {
  return {
    chroots: options.chroot ?? null,
    description: options.description ?? null,
    instructions: options.instructions ?? null,
    repos: options.repo ?? null,
    unlisted_on_hp: onOff(options.unlistedOnHp),
    enable_net: onOff(options.enableNet),
    auto_prune: onOff(options.autoPrune),
    bootstrap: options.bootstrap ?? null,
    isolation: options.isolation ?? null,
    follow_fedora_branching: onOff(options.followFedoraBranching),
    devel_mode: options.disable_createrepo ?? null,
    delete_after_days: options.deleteAfterDays ?? null,
    multilib: onOff(options.multilib),
    module_hotfixes: onOff(options.moduleHotfixes),
    appstream: onOff(options.appstream),
    runtime_dependencies: options.runtimeRepoDependency ?? null,
    packit_forge_projects_allowed: options.packitForgeProjectAllowed ?? null,
    repo_priority: options.repoPriority ?? null,
  };
}
