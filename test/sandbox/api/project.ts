import { ApiError } from "../api-error.ts";
import { refuseUndeletable } from "../deletable-builds.ts";
import { type Form, readForm } from "../form.ts";
import { authenticated, isOwner, mayEdit, requireAdmin, requireOwner } from "../login.ts";
import type { Project } from "../models.ts";
import { page } from "../pages.ts";
import {
  applySettings,
  chosenChroots,
  defaultSettings,
  replaceChroots,
  requireAdminForPruning,
  requireAdminSettings,
} from "../project-settings.ts";
import { type Call, deprecated, parameter, queryArgument, type Router } from "../routing.ts";
import { projectOnWire } from "../wire.ts";

export function addProjectRoutes(router: Router): void {
  router.onGet("/project", (call) => projectOnWire(call.world, projectInQuery(call)));
  router.onGet("/project/list", listProjects);
  router.onGet("/project/search", searchProjects);
  router.onPost("/project/add/:owner", addProject);
  router.onPut("/project/edit/:owner/:project", editProject);
  router.onPost("/project/fork/:owner/:project", forkProject);
  router.on("PUT", "/project/fork/:owner/:project", deprecated("POST", "PUT", forkProject));
  router.onDelete("/project/delete/:owner/:project", deleteProject);
  router.onPut("/project/regenerate-repos/:owner/:project", regenerateRepositories);
}

export function projectInQuery(call: Call): Project {
  return call.world.project(queryArgument(call, "ownername"), queryArgument(call, "projectname"));
}

export function projectInPath(call: Call): Project {
  return call.world.project(parameter(call, "owner"), parameter(call, "project"));
}

function listProjects(call: Call) {
  const owner = call.query.get("ownername");
  const projects = call.world.projects.filter((project) => owner === null || project.ownername === owner);
  return page(call, projects, (project) => projectOnWire(call.world, project));
}

function searchProjects(call: Call) {
  const words = queryArgument(call, "query");
  if (words.length < 3) throw new ApiError(400, "Search string must have at least 3 characters");
  const projects = call.world.projects.filter((project) => project.name.includes(words));
  return page(call, projects, (project) => projectOnWire(call.world, project));
}

async function addProject(call: Call) {
  const { world } = call;
  const account = authenticated(call);
  const owner = parameter(call, "owner");
  const form = await readForm(call);
  requireOwner(world, account, owner);
  const name = form.text("name") ?? "";
  const existing = world.findProject(owner, name);
  if (existing !== undefined && call.query.get("exist_ok") === "True") return projectOnWire(world, existing);
  const settings = defaultSettings();
  applySettings(world, settings, form);
  checkName(form, name);
  if (existing !== undefined) form.refuse("name", `You already have a project named '${name}'.`);
  const chroots = chosenChroots(world, form) ?? [];
  if (chroots.length === 0 && !form.words("chroots")?.length) form.refuse("chroots", "'[]' is not a valid choice for this field.");
  form.check();
  requireAdminSettings(form, settings);
  const project = world.addProject(owner, name, settings, account.name);
  replaceChroots(project, chroots);
  world.emit("project", project);
  return projectOnWire(world, project);
}

function checkName(form: Form, name: string): void {
  if (name === "") form.refuse("name", "This field is required.");
  else if (!/^[\w.-]+$/.test(name)) form.refuse("name", "Name must contain only letters, digits, underscores, dashes and dots.");
  else if (/^\d+$/.test(name)) form.refuse("name", "Project's name can not be just number.");
}

async function editProject(call: Call) {
  const account = authenticated(call);
  const project = projectInPath(call);
  const form = await readForm(call);
  if (!mayEdit(call.world, account.name, project)) {
    throw new ApiError(403, "Only owners and admins may update their projects.");
  }
  const chroots = chosenChroots(call.world, form);
  const settings = { ...project.settings };
  applySettings(call.world, settings, form);
  form.check();
  requireAdminForPruning(settings);
  if (form.has("storage")) throw new ApiError(500, "Database error, contact admin");
  project.settings = settings;
  // None are as good as none that were sent.
  if (chroots !== undefined && chroots.length > 0) replaceChroots(project, chroots);
  call.world.emit("project", project);
  return projectOnWire(call.world, project);
}

/** Copies the settings; the packages that a real fork also copies are left out. */
async function forkProject(call: Call) {
  const account = authenticated(call);
  const source = projectInPath(call);
  const form = await readForm(call);
  const owner = form.text("ownername") ?? "";
  const name = form.text("name") ?? source.name;
  const groups = [...call.world.groups].filter(([, members]) => members.includes(account.name));
  if (![account.name, ...groups.map(([group]) => `@${group}`)].includes(owner)) form.refuse("owner", "Not a valid choice.");
  checkName(form, name);
  form.check();
  const existing = call.world.findProject(owner, name);
  if (existing !== undefined && !form.flag("confirm")) {
    const advice = "Please use --confirm if you really want to do this";
    throw new ApiError(400, `You are about to fork into existing project: ${name}\n${advice}`);
  }
  const fork = existing ?? call.world.addProject(owner, name, structuredClone(source.settings), account.name);
  for (const chroot of source.chroots.values()) fork.chroots.set(chroot.name, structuredClone(chroot));
  call.world.emit("project", fork);
  return projectOnWire(call.world, fork);
}

async function deleteProject(call: Call) {
  const account = authenticated(call);
  const project = projectInPath(call);
  const answer = projectOnWire(call.world, project);
  const builds = call.world.builds.filter((build) => build.project === project);
  refuseUndeletable(call.world, account.name, builds);
  if (!isOwner(call.world, account.name, project)) throw new ApiError(403, "Only owners may delete their projects.");
  call.world.removeProject(project);
  return answer;
}

function regenerateRepositories(call: Call) {
  const project = projectInPath(call);
  requireAdmin(call, project);
  call.world.emit("project", project);
  return projectOnWire(call.world, project);
}
