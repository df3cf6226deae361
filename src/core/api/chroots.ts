import type { MultipartBody } from "../http/multipart.ts";
import { filePart, jsonPart, multipart } from "../http/multipart.ts";
import type { Transport } from "../http/transport.ts";
import type { ProjectChroot, ProjectChrootBuildConfig, ProjectRef, TwinOptions } from "./types.ts";

/** A chroot of a project. */
export interface ChrootRef extends ProjectRef {
  chrootname: string;
}

/** Settings of a project's chroot; null or none leaves the present value. Lists are blank or comma separated texts. */
export interface ChrootSettings {
  additional_repos?: string | null;
  additional_packages?: string | null;
  additional_modules?: string | null;
  /** Forgets the comps.xml that was uploaded. */
  delete_comps?: boolean;
  with_opts?: string | null;
  without_opts?: string | null;
  bootstrap?: string | null;
  bootstrap_image?: string | null;
  isolation?: string | null;
  /** Names of settings to give their defaults again. */
  reset_fields?: string[] | null;
}

/** Active chroots of the instance and their comments (empty when there is none). */
export function listMockChroots(transport: Transport): Promise<Record<string, string>> {
  return transport.call({ method: "GET", path: ["mock-chroots", "list"] });
}

/** Settings of a project's chroot. */
export function getProjectChroot(transport: Transport, chroot: ChrootRef): Promise<ProjectChroot> {
  return transport.call({ method: "GET", path: ["project-chroot"], query: { ...chroot }, needs: ["mock_chroot"] });
}

/** What a builder would use in this chroot. */
export function getProjectChrootBuildConfig(transport: Transport, chroot: ChrootRef): Promise<ProjectChrootBuildConfig> {
  return transport.call({ method: "GET", path: ["project-chroot", "build-config"], query: { ...chroot }, needs: ["repos"] });
}

/** Changes a project's chroot; `compsPath` is a local comps.xml to upload. The twin is POST. */
export async function editProjectChroot(
  transport: Transport,
  chroot: ChrootRef,
  settings: ChrootSettings,
  compsPath?: string,
  { twin }: TwinOptions = {},
): Promise<ProjectChroot> {
  const comps = compsPath === undefined ? [] : [await filePart("upload_comps", compsPath, "application/text")];
  const body: MultipartBody = multipart([...comps, jsonPart(settings)]);
  const path = ["project-chroot", "edit", chroot.ownername ?? "", chroot.projectname, chroot.chrootname];
  return transport.call({ method: twin ? "POST" : "PUT", path, query: { ...chroot }, multipart: body, auth: true });
}
