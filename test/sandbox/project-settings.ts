import { ApiError } from "./api-error.ts";
import type { Form } from "./form.ts";
import type { Project, ProjectChroot, ProjectSettings } from "./models.ts";
import type { World } from "./world.ts";

const texts = ["description", "instructions"] as const;
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
  "multilib",
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
    multilib: false,
    delete_after_days: -1,
    runtime_dependencies: [],
  };
}

/** Takes over what the form sent, nothing else. */
export function applySettings(world: World, settings: ProjectSettings, form: Form): void {
  for (const name of texts) settings[name] = form.text(name) ?? settings[name] ?? "";
  // An empty one is as good as none that was sent: it can be changed, but not taken away.
  for (const name of ["homepage", "contact"] as const) settings[name] = address(form, name) ?? settings[name];
  for (const name of flags) settings[name] = form.flag(name) ?? settings[name];
  settings.devel_mode = form.flag("disable_createrepo") ?? settings.devel_mode;
  settings.bootstrap = form.choice("bootstrap", ["default", "on", "off", "image"]) ?? settings.bootstrap;
  settings.isolation = form.choice("isolation", ["default", "nspawn", "simple"]) ?? settings.isolation;
  settings.repo_priority = form.integer("repo_priority", 1, Number.MAX_SAFE_INTEGER) ?? settings.repo_priority;
  settings.delete_after_days = form.integer("delete_after_days", -1, 720) ?? settings.delete_after_days;
  const allowed = form.words("packit_forge_projects_allowed")?.map(withoutScheme);
  settings.packit_forge_projects_allowed = allowed ?? settings.packit_forge_projects_allowed;
  for (const name of ["repos", "additional_repos"]) {
    settings.additional_repos = repositoryUrls(world, form, name) ?? settings.additional_repos;
  }
  settings.runtime_dependencies = repositoryUrls(world, form, "runtime_dependencies") ?? settings.runtime_dependencies;
  requireAdminSettings(form, settings);
}

/** A page or, as a contact, a mail address; undefined for an empty one, too. */
function address(form: Form, name: "homepage" | "contact"): string | undefined {
  const text = form.text(name)?.trim();
  if (!text) return undefined;
  const isPage = /^[a-z]+:\/\/[^/?:]+\.[^/?:]+(:\d+)?(\/.*)?(\?.*)?$/i.test(text);
  if (isPage || (name === "contact" && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text))) return text;
  throw form.refusal(name, name === "contact" ? "Contact must be email address or URL" : "Invalid URL.");
}

/** Of a forge project host and path are kept. */
function withoutScheme(text: string): string {
  const [, rest = text] = /^[a-z][a-z\d+.-]*:\/\/(.*)$/i.exec(text) ?? [];
  return rest.replace(/[?#].*$/, "");
}

export function repositoryUrls(world: World, form: Form, name: string): string[] | undefined {
  const urls = form.words(name);
  const bad = urls?.find((url) => !/^(https?:\/\/[^/]|copr:\/\/[^/]+\/[^/])/.test(url));
  if (bad !== undefined) {
    const wanted = "A list of http[s] URLs separated by whitespace characters is needed";
    throw form.refusal(name, `${wanted} ('${bad}' doesn't seem to be a valid URL).`);
  }
  for (const url of urls ?? []) {
    const [, owner = "", project = ""] = /^copr:\/\/([^/]+)\/([^/?:]+)/.exec(url) ?? [];
    if (owner !== "" && world.findProject(owner, project) === undefined) throw form.refusal(name, `${url} does not exist.`);
  }
  return urls;
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
    comps: null,
  };
}
