import { pages } from "./pages.ts";
import type { Transport } from "../http/transport.ts";
import { projectQuery } from "./project-query.ts";
import type { Page, Project, ProjectRef, TwinOptions } from "./types.ts";

/** Settings of a project; null leaves the frontend's default or the present value. */
export interface ProjectSettings {
  chroots?: string[] | null;
  description?: string | null;
  instructions?: string | null;
  homepage?: string | null;
  contact?: string | null;
  unlisted_on_hp?: boolean | null;
  enable_net?: boolean | null;
  auto_prune?: boolean | null;
  bootstrap?: string | null;
  bootstrap_image?: string | null;
  isolation?: string | null;
  follow_fedora_branching?: boolean | null;
  devel_mode?: boolean | null;
  delete_after_days?: number | string | null;
  multilib?: boolean | null;
  module_hotfixes?: boolean | null;
  fedora_review?: boolean | null;
  appstream?: boolean | null;
  runtime_dependencies?: string[] | null;
  packit_forge_projects_allowed?: string[] | null;
  repo_priority?: number | string | null;
}

/** A project to make. */
export interface NewProject extends ProjectSettings {
  name: string;
  additional_repos?: string[] | null;
  persistent?: boolean;
  storage?: string | null;
}

/** A project. */
export function getProject(transport: Transport, project: ProjectRef): Promise<Project> {
  return transport.call({ method: "GET", path: ["project"], query: projectQuery(project), needs: ["name"] });
}

/** Projects of an owner, or of everybody, in one answer. */
export async function listProjects(transport: Transport, ownername?: string): Promise<Project[]> {
  const page = await transport.call<Page<Project>>({ method: "GET", path: ["project", "list"], query: { ownername }, needs: ["items"] });
  return page.items;
}

/** Projects that match a text, page by page. */
export function searchProjects(transport: Transport, query: string, limit = 100): AsyncIterable<Project> {
  return pages<Project>(transport, ["project", "search"], { query }, limit);
}

/** Makes a project. With `exist_ok` an existing one is answered as it is. */
export function addProject(transport: Transport, ownername: string, project: NewProject, exist_ok = false): Promise<Project> {
  return transport.call({ method: "POST", path: ["project", "add", ownername], query: { ownername, exist_ok }, json: project, auth: true });
}

/** Changes the settings that are not null; `chroots` and `repos` replace the present lists. The twin is POST. */
export function editProject(
  transport: Transport,
  project: ProjectRef,
  settings: ProjectSettings & { repos?: string[] | null },
  { twin }: TwinOptions = {},
): Promise<Project> {
  return transport.call({
    method: twin ? "POST" : "PUT",
    path: route(project, "edit"),
    query: projectQuery(project),
    json: settings,
    auth: true,
  });
}

/** Deletes a project with all its builds. The twin is POST. */
export function deleteProject(transport: Transport, project: ProjectRef, { twin }: TwinOptions = {}): Promise<Project> {
  return transport.call({
    method: twin ? "POST" : "DELETE",
    path: route(project, "delete"),
    query: projectQuery(project),
    json: { verify: true },
    needs: ["name"],
    auth: true,
  });
}

/** Copies a project's packages and builds into another one, which is answered. The twin, deprecated here, is PUT. */
export function forkProject(
  transport: Transport,
  source: ProjectRef,
  destination: { name: string; ownername: string | undefined; confirm: boolean },
  { twin }: TwinOptions = {},
): Promise<Project> {
  return transport.call({
    method: twin ? "PUT" : "POST",
    path: route(source, "fork"),
    query: projectQuery(source),
    json: destination,
    needs: ["full_name"],
    auth: true,
  });
}

/** Has the repositories' metadata made anew. The twin is POST. */
export function regenerateRepos(transport: Transport, project: ProjectRef, { twin }: TwinOptions = {}): Promise<Project> {
  return transport.call({
    method: twin ? "POST" : "PUT",
    path: route(project, "regenerate-repos"),
    query: projectQuery(project),
    needs: ["full_name"],
    auth: true,
  });
}

function route({ ownername, projectname }: ProjectRef, action: string): string[] {
  return ["project", action, ownername ?? "", projectname];
}
