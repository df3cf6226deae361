import { RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { type FullProjectRef, type PresentProject, readPresentProject, type Values } from "./present-project.ts";
import type { ProjectFile } from "./project-file.ts";

/** A project as a file, and what could not be read. */
export interface ExportedProject {
  file: ProjectFile;
  /** Why the permissions are not in it; undefined when they are. */
  permissionsRefusal: string | undefined;
}

/** Describes a project by all that the API tells of it. Throws RequestError if there is no such project. */
export async function exportProject(client: Transport, ref: FullProjectRef): Promise<ExportedProject> {
  const name = `${ref.ownername}/${ref.projectname}`;
  const present = await readPresentProject(client, ref, { chroot: () => true, packages: true, permissions: true });
  if (present === undefined) throw new RequestError(`There is no project ${name}`, { status: 404 });
  return { file: fileOf(name, present), permissionsRefusal: present.permissionsRefusal };
}

function fileOf(project: string, present: PresentProject): ProjectFile {
  const { permissionsRefusal, permissions, chroots, packages } = present;
  const packageValues = [...packages].map(([name, { source, webhook_rebuild }]) => [name, { source, webhook_rebuild }]);
  return {
    project,
    settings: settingsOf(present.settings),
    chroots: Object.fromEntries(chroots) as NonNullable<ProjectFile["chroots"]>,
    packages: Object.fromEntries(packageValues) as NonNullable<ProjectFile["packages"]>,
    ...(permissionsRefusal === undefined && { permissions: Object.fromEntries(permissions) as NonNullable<ProjectFile["permissions"]> }),
  };
}

/** What only administrators of the instance may choose, and only once, would keep others from making the same project. */
function settingsOf({ persistent, storage: _instances, ...settings }: Values): NonNullable<ProjectFile["settings"]> {
  return { ...settings, ...(persistent === true && { persistent }) };
}
