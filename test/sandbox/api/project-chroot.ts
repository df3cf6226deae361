import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ApiError } from "../api-error.ts";
import { configuredRepositories } from "../chroot-config.ts";
import { type Form, readForm } from "../form.ts";
import { authenticated, mayEdit } from "../login.ts";
import type { Project, ProjectChroot } from "../models.ts";
import { repositoryUrls } from "../project-settings.ts";
import { chrootRepositories, fullName } from "../repositories.ts";
import { type Call, parameter, queryArgument, type Router } from "../routing.ts";
import { projectChrootOnWire, repositoryOnWire } from "../wire.ts";
import { projectInPath, projectInQuery } from "./project.ts";

export function addProjectChrootRoutes(router: Router): void {
  router.onGet("/project-chroot", getChroot);
  router.onGet("/project-chroot/build-config", getBuildConfig);
  router.onPut("/project-chroot/edit/:owner/:project/:chroot", editChroot);
}

/** One that was disabled in the last days is still there, with its settings. */
function projectChroot(project: Project, name: string): ProjectChroot {
  if (!/^.+-.+-.+$/.test(name)) throw new ApiError(404, "Chroot identification is not valid");
  const chroot = project.chroots.get(name) ?? project.disabledChroots.get(name);
  if (chroot !== undefined) return chroot;
  throw new ApiError(404, `Chroot name ${name} does not exist in Copr ${fullName(project)}.`);
}

function getChroot(call: Call) {
  const project = projectInQuery(call);
  return projectChrootOnWire(project, projectChroot(project, queryArgument(call, "chrootname")));
}

function getBuildConfig(call: Call) {
  const project = projectInQuery(call);
  const chroot = projectChroot(project, queryArgument(call, "chrootname"));
  if (!project.chroots.has(chroot.name)) throw new ApiError(500, "Request wasn't successful, there is probably a bug in the Copr code.");
  return {
    additional_repos: configuredRepositories(project, chroot),
    additional_packages: chroot.additional_packages,
    // The frontend stores "a, b" and splits at the blanks here, so the commas stay.
    additional_modules: chroot.additional_modules.join(", ").split(" ").filter(Boolean),
    with_opts: chroot.with_opts,
    without_opts: chroot.without_opts,
    isolation: chroot.isolation,
    chroot: chroot.name,
    enable_net: project.settings.enable_net,
    repos: chrootRepositories(call.world, project, chroot).map(repositoryOnWire),
  };
}

async function editChroot(call: Call) {
  const account = authenticated(call);
  const project = projectInPath(call);
  const chroot = projectChroot(project, parameter(call, "chroot"));
  const form = await readForm(call);
  if (!mayEdit(call.world, account.name, project)) {
    throw new ApiError(403, "Only owners and admins may update their projects.");
  }
  const changes = changedFields(call, form);
  form.check();
  // What is sent wins over what is to go back.
  Object.assign(chroot, resetFields(form, project, chroot), changes, await changedComps(call, form));
  return projectChrootOnWire(project, chroot);
}

/** The file of a comps.xml is kept with its name. */
async function changedComps(call: Call, form: Form): Promise<Partial<ProjectChroot>> {
  const file = form.files.get("upload_comps");
  if (file === undefined) return form.flag("delete_comps") ? { comps_name: null, comps: null } : {};
  return { comps_name: file.filename, comps: await readFile(join(call.uploadsDirectory, file.directory, file.filename), "utf8") };
}

function changedFields({ world }: Call, form: Form): Partial<ProjectChroot> {
  const bootstraps = ["unchanged", "default", "off", "on", "image", "custom_image"];
  const image = form.text("bootstrap_image") || undefined;
  const bootstrap = form.choice("bootstrap", bootstraps);
  if (bootstrap === "custom_image" && image === undefined) {
    form.refuse("bootstrap_image", "Custom image is selected, but not specified");
  }
  if (image !== undefined && !/^[-./\w]+(:[\w.-]+)?$/.test(image)) {
    const examples = "e.g. fedora:33 or registry.fedoraproject.org/fedora:rawhide";
    form.refuse("bootstrap_image", `Enter valid bootstrap image id (<name>[:<tag>], ${examples}).`);
  }
  return sent({
    additional_packages: form.words("additional_packages"),
    additional_repos: repositoryUrls(world, form, "additional_repos", "repos"),
    additional_modules: modules(form),
    with_opts: form.words("with_opts"),
    without_opts: form.words("without_opts"),
    bootstrap: bootstrap ?? (image === undefined ? undefined : "custom_image"),
    bootstrap_image: image,
    isolation: form.choice("isolation", ["unchanged", "default", "nspawn", "simple"]),
  });
}

function sent(fields: { [Name in keyof ProjectChroot]?: ProjectChroot[Name] | undefined }): Partial<ProjectChroot> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<ProjectChroot>;
}

/** A list without anything is one that was not sent; an empty text empties the setting. */
function modules(form: Form): string[] | undefined {
  const raw = form.raw("additional_modules");
  if (Array.isArray(raw) && raw.length === 0) return undefined;
  const toggles = form
    .text("additional_modules")
    ?.split(/[\s,]+/)
    .filter(Boolean);
  const names = new Set<string>();
  for (const toggle of toggles ?? []) {
    const [name = "", stream, ...rest] = toggle.split(":");
    if (stream === undefined || rest.length > 0) {
      const wanted = "must consist of two parts separated with colon, e.g. module:stream";
      return form.refuse("module_toggle", `Module name '${toggle}' ${wanted}`);
    }
    if (names.has(name)) return form.refuse("module_toggle", `Module name '${name}' specified multiple times`);
    names.add(name);
  }
  return toggles;
}

/** The values that fields go back to; lists to empty, the rest to "unchanged" or nothing. */
function resetFields(form: Form, project: Project, chroot: ProjectChroot): Partial<ProjectChroot> {
  const empty = {
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
  const names = form.words("reset_fields") ?? [];
  const unknown = names.find((name) => !Object.hasOwn(empty, name));
  if (unknown !== undefined) {
    const hint = `See \`copr-cli get-chroot ${fullName(project)}/${chroot.name}' for all the possible attributes`;
    throw new ApiError(400, `Trying to reset an invalid attribute: ${unknown}\n${hint}`);
  }
  return Object.fromEntries(Object.entries(empty).filter(([name]) => names.includes(name)));
}
