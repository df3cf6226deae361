import { getSourceBuildConfig } from "../api/builds.ts";
import { getProject } from "../api/projects.ts";
import type { Build, Project, Repository } from "../api/types.ts";
import { ResponseError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { sourceTypeNumber } from "../task/build-task.ts";
import { parseProjectName } from "../task/names.ts";

/** The definition of the SRPM phase of a build, made of what the API tells. */
export async function sourceDefinition(transport: Transport, build: Build): Promise<Record<string, unknown>> {
  const { ownername, projectname } = build;
  const [config, project] = await Promise.all([
    getSourceBuildConfig(transport, build.id),
    getProject(transport, { ownername, projectname }),
  ]);
  const type = sourceTypeNumber(config.source_type);
  if (type === undefined) throw new ResponseError(`Build ${build.id} has the source type '${config.source_type}', which is not known here`);
  const chroot = config.source_type === "custom" ? config.source_dict["chroot"] : null;
  return {
    task_id: String(build.id),
    build_id: build.id,
    project_owner: ownername,
    project_name: projectname,
    project_dirname: build.project_dirname,
    package_name: build.source_package?.name ?? null,
    chroot,
    source_type: type,
    source_json: JSON.stringify(config.source_dict),
    repos: await repositories(transport, config.source_dict["repos"], String(chroot)),
    distributions_in_build: distributions(build.chroots),
    distributions_in_project: distributions(Object.keys(project.chroot_repos)),
  };
}

/**
 * A source package that was sent to the frontend is removed there once it is imported; what was made of it is published. The
 * same definition with that instead, where there is one.
 */
export function withPublishedUpload(wire: Record<string, unknown>, { source_package: made }: Build): Record<string, unknown> {
  if (wire["source_type"] !== sourceTypeNumber("upload") || !made?.url) return wire;
  return { ...wire, source_type: sourceTypeNumber("link"), source_json: JSON.stringify({ url: made.url }) };
}

/** `fedora-43` for `fedora-43-x86_64`, each once, in upstream's order. */
function distributions(chroots: readonly string[]): string[] {
  return [...new Set(chroots.map((name) => name.slice(0, name.lastIndexOf("-"))))].toSorted();
}

/** Repositories of a script's chroot: addresses, or projects as `copr://OWNER/PROJECT`, as the user typed them. */
async function repositories(transport: Transport, text: unknown, chroot: string): Promise<Repository[]> {
  const addresses = typeof text === "string" ? text.split(/\s+/).filter(Boolean) : [];
  return Promise.all(
    addresses.map(async (address) => {
      const id = repositoryId(address);
      const [location = ""] = address.split("?", 1);
      const baseurl = address.startsWith("copr://") ? await projectRepository(transport, location, chroot) : location;
      return { id, name: `Additional repo ${id}`, baseurl: baseurl.replaceAll("$chroot", chroot) };
    }),
  );
}

/** The frontend's own way: what is no letter or digit becomes one underscore. */
function repositoryId(address: string): string {
  return address.replaceAll(/[^a-zA-Z0-9]+/g, "_").replaceAll(/^_|_$/g, "");
}

async function projectRepository(transport: Transport, address: string, chroot: string): Promise<string> {
  const { owner, project } = parseProjectName(address.slice("copr://".length));
  const { chroot_repos }: Project = await getProject(transport, { ownername: owner ?? "", projectname: project });
  const url = chroot_repos[chroot];
  if (url !== undefined) return url;
  throw new ResponseError(`The script of this build has packages of ${address}, which has no ${chroot} any more`);
}
