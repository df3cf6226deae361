import type { ExportedProject } from "./export-project.ts";
import type { ProjectFile } from "./project-file.ts";

/**
 * Reads a project file, YAML or JSON. Throws ProjectFileError, which says where it is wrong.
 *
 * @param name what the file is called in errors
 */
export async function readProjectFile(content: string | Uint8Array, name = "the file"): Promise<ProjectFile> {
  const { parseProjectFile } = await import("./read-file.ts");
  return parseProjectFile(content, name).file;
}

/** A project file as commented YAML. */
export async function writeProjectFile(file: ProjectFile): Promise<string> {
  const { formatProjectFile } = await import("./write-file.ts");
  return formatProjectFile(file);
}

/** Brings the text of a project file up to date; its comments stay. Throws ProjectFileError. */
export async function updateProjectFile(content: string | Uint8Array, exported: ExportedProject, name = "the file"): Promise<string> {
  const { updatedFile } = await import("./update-file.ts");
  return updatedFile(content, exported, name);
}
