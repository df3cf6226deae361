import { ApiError } from "./api-error.ts";
import type { Form } from "./form.ts";
import type { Project, ProjectChroot, ProjectSettings } from "./models.ts";
import type { World } from "./world.ts";

const texts = ["description", "instructions"] as const;
const flags = [
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
  settings.repo_priority = form.integer("repo_priority", 1) ?? settings.repo_priority;
  settings.delete_after_days = form.integer("delete_after_days", -1, 720) ?? settings.delete_after_days;
  const allowed = form.words("packit_forge_projects_allowed")?.map(withoutScheme);
  settings.packit_forge_projects_allowed = allowed ?? settings.packit_forge_projects_allowed;
  settings.additional_repos = repositoryUrls(world, form, "additional_repos", "repos") ?? settings.additional_repos;
  settings.runtime_dependencies = repositoryUrls(world, form, "runtime_dependencies") ?? settings.runtime_dependencies;
  form.choice("storage", ["backend", "pulp"]);
}

/** A page or, as a contact, a mail address; undefined for an empty one, too. */
function address(form: Form, name: "homepage" | "contact"): string | undefined {
  const text = form.text(name)?.trim();
  if (!text) return undefined;
  if (isAddress(text) || (name === "contact" && /^[^@:\s]+@[^@\s]+\.[^@\s]+$/.test(text))) return text;
  return form.refuse(name, name === "contact" ? "Contact must be email address or URL" : "Invalid URL.");
}

/** An address on a host that has a dot in its name, as the forms want them. */
export function isAddress(text: string): boolean {
  const [, host = ""] = /^[a-z]+:\/\/([^/?:]+)(?::\d+)?(?:\/.*)?(?:\?.*)?$/i.exec(text) ?? [];
  return /^[\w-]+(\.[\w-]+)+$/.test(host);
}

/** Of a forge project host and path are kept. */
function withoutScheme(text: string): string {
  const [, rest = text] = /^[a-z][a-z\d+.-]*:\/\/(.*)$/i.exec(text) ?? [];
  return rest.replace(/[?#].*$/, "");
}

/** `name` is what the form calls the field, also where it tells of its faults; on the wire it may have another. */
export function repositoryUrls(world: World, form: Form, wireName: string, name = wireName): string[] | undefined {
  const urls = form.words(wireName) ?? form.words(name);
  const bad = urls?.find((url) => !/^(https?:\/\/[^/]|copr:\/\/[^/]+\/[^/])/.test(url));
  if (bad !== undefined) {
    const wanted = "A list of http[s] URLs separated by whitespace characters is needed";
    return form.refuse(name, `${wanted} ('${bad}' doesn't seem to be a valid URL).`);
  }
  const missing = urls?.find((url) => {
    const [, owner = "", project = ""] = /^copr:\/\/([^/]+)\/([^/?:]+)/.exec(url) ?? [];
    return owner !== "" && world.findProject(owner, project) === undefined;
  });
  return missing === undefined ? urls : form.refuse(name, `${missing} does not exist.`);
}

/** What only administrators may choose, who the sandbox has none of, when a project is made. */
export function requireAdminSettings(form: Form, settings: ProjectSettings): void {
  if (form.flag("persistent")) throw new ApiError(403, "Non-admin cannot create persistent project.");
  requireAdminForPruning(settings);
  if (form.has("storage")) throw new ApiError(403, "Non-admin cannot set storage");
}

export function requireAdminForPruning({ auto_prune: isPruned }: ProjectSettings): void {
  if (!isPruned) throw new ApiError(403, "Non-admin cannot disable auto-prunning.");
}

/** The mock chroots a form chose; undefined when it did not say. */
export function chosenChroots(world: World, form: Form): string[] | undefined {
  return form.choices("chroots", [...world.mockChroots.keys()]);
}

/** How long what was built in a disabled chroot, and its settings, are kept. */
export const DAYS_LEFT = 6;

/** Makes these the chroots of the project; those that stay keep their settings, and so do those that come back. */
export function replaceChroots(project: Project, names: readonly string[]): void {
  const { chroots, disabledChroots } = project;
  for (const [name, chroot] of chroots) {
    if (names.includes(name)) continue;
    chroots.delete(name);
    disabledChroots.set(name, chroot);
  }
  for (const name of names) {
    if (!chroots.has(name)) chroots.set(name, disabledChroots.get(name) ?? newProjectChroot(name));
    disabledChroots.delete(name);
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
