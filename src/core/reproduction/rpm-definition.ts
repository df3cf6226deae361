import { getBuildChrootConfig } from "../api/build-chroots.ts";
import { getProjectChrootBuildConfig } from "../api/chroots.ts";
import type { Build, BuildChrootConfig, ProjectChrootBuildConfig } from "../api/types.ts";
import { CoprError, RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { buildrootFields } from "./buildroot-fields.ts";
import type { Commit } from "./published-commit.ts";

/**
 * The definition of a build of packages, made of what the API tells of the build and of its chroot in the project. It has the
 * settings of today: the frontend keeps no others, neither here nor for builders.
 */
export async function rpmDefinition(
  transport: Transport,
  build: Build,
  chroot: string,
  commit: Commit,
): Promise<Record<string, unknown>> {
  const config = await buildConfig(transport, build.id, chroot);
  const { isolation, additional_modules } = await chrootConfig(transport, build, chroot);
  return {
    task_id: `${build.id}-${chroot}`,
    build_id: build.id,
    project_owner: build.ownername,
    project_name: build.projectname,
    project_dirname: build.project_dirname,
    chroot,
    package_name: build.source_package?.name ?? null,
    package_version: build.source_package?.version ?? null,
    ...commit,
    ...buildrootFields({ ...config, isolation: isolation ?? null, additional_modules: additional_modules ?? [] }),
    timeout: config.timeout,
    tags: [],
  };
}

async function buildConfig(transport: Transport, id: number, chroot: string): Promise<BuildChrootConfig> {
  try {
    const config = await getBuildChrootConfig(transport, id, chroot);
    if (Array.isArray(config.repos)) return config;
  } catch (error) {
    // A frontend fails where the project has lost the chroot.
    if (!(error instanceof RequestError) || error.status < 500) throw error;
  }
  throw new CoprError(`The frontend has no settings of ${chroot} for build ${id} any more: it is not enabled in the project`, {
    hint: "What mock was given is in configs.tar.gz of the results, if they are still there: copr-cli download-build.",
  });
}

/** The API tells isolation and modules of the project's chroot only. A project may be gone from view while its builds are not. */
async function chrootConfig(
  transport: Transport,
  { ownername, projectname }: Build,
  chrootname: string,
): Promise<Partial<ProjectChrootBuildConfig>> {
  try {
    return await getProjectChrootBuildConfig(transport, { ownername, projectname, chrootname });
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return {};
    throw error;
  }
}
