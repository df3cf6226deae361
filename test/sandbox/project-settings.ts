import { ApiError } from "./api-error.ts";
import type { Form } from "./form.ts";
import type { Project, ProjectChroot, ProjectSettings } from "./models.ts";
import type { World } from "./world.ts";

const texts = ["homepage", "contact", "description", "instructions"] as const;
const flags = [
  "persistent",
  "devel_mode",
  "unlisted_on_hp",
  "auto_prune",
  "enable_net",
  "module_hotfixes",
  "appstream",
  "follow_fedora_branching",
  "fedora_review",
] as const;

/** The project form's defaults. The order of the keys is the order of the Project schema. */
export function defaultSettings(): ProjectSettings {
  return {
    persistent: false,
    additional_repos: [],
    storage: "backend",
    homepage: null,
    contact: null,
    description: "",
    instructions: "",
    devel_mode: false,
    unlisted_on_hp: false,
    auto_prune: true,
    enable_net: false,
    bootstrap: "default",
    isolation: "default",
    module_hotfixes: false,
    appstream: false,
    packit_forge_projects_allowed: [],
    follow_fedora_branching: true,
    repo_priority: null,
    fedora_review: false,
  };
}

/** Takes over what the form sent, nothing else. */
export function applySettings(settings: ProjectSettings, form: Form): void {
  for (const name of texts) settings[name] = form.text(name) ?? settings[name] ?? "";
  for (const name of ["homepage", "contact"] as const) settings[name] ||= null;
  for (const name of flags) settings[name] = form.flag(name) ?? settings[name];
  settings.devel_mode = form.flag("disable_createrepo") ?? settings.devel_mode;
  settings.bootstrap = form.choice("bootstrap", ["default", "on", "off", "image"]) ?? settings.bootstrap;
  settings.isolation = form.choice("isolation", ["default", "nspawn", "simple"]) ?? settings.isolation;
  settings.repo_priority = form.integer("repo_priority", 1, Number.MAX_SAFE_INTEGER) ?? settings.repo_priority;
  settings.packit_forge_projects_allowed = form.words("packit_forge_projects_allowed") ?? settings.packit_forge_projects_allowed;
  for (const name of ["repos", "additional_repos"]) {
    settings.additional_repos = repositoryUrls(form, name) ?? settings.additional_repos;
  }
  requireAdminSettings(form, settings);
}

export function repositoryUrls(form: Form, name: string): string[] | undefined {
  const urls = form.words(name);
  const bad = urls?.find((url) => !/^(https?|copr):\/\/\S+$/.test(url));
  if (bad === undefined) return urls;
  const wanted = "A list of http[s] URLs separated by whitespace characters is needed";
  throw form.refusal(name, `${wanted} ('${bad}' doesn't seem to be a valid URL).`);
}

/** Nobody is an administrator of the sandbox. */
function requireAdminSettings(form: Form, settings: ProjectSettings): void {
  if (settings.persistent) throw new ApiError(403, "Non-admin cannot create persistent project.");
  if (!settings.auto_prune) throw new ApiError(403, "Non-admin cannot disable auto-prunning.");
  if (form.has("storage")) throw new ApiError(403, "Non-admin cannot set storage");
}

/** The mock chroots a form chose; undefined when it did not say. */
export function chosenChroots(world: World, form: Form): string[] | undefined {
  const names = form.words("chroots");
  const unknown = names?.find((name) => !world.mockChroots.has(name));
  if (unknown !== undefined) throw form.refusal("chroots", `'${unknown}' is not a valid choice for this field.`);
  return names;
}

/** Makes these the chroots of the project; those that stay keep their settings. */
export function replaceChroots(project: Project, names: readonly string[]): void {
  for (const name of project.chroots.keys()) {
    if (!names.includes(name)) project.chroots.delete(name);
  }
  for (const name of names) {
    if (!project.chroots.has(name)) project.chroots.set(name, newProjectChroot(name));
  }
}

function newProjectChroot(name: string): ProjectChroot {
  return {
    name,
    additional_repos: [],
    additional_packages: [],
    additional_modules: [],
    with_opts: [],
    without_opts: [],
    isolation: "unchanged",
    bootstrap: "unchanged",
    bootstrap_image: null,
    comps_name: null,
  };
}
