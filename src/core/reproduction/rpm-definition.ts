import { getBuildChrootConfig } from "../api/build-chroots.ts";
import { getProjectChrootBuildConfig } from "../api/chroots.ts";
import { getProject } from "../api/projects.ts";
import type { Build, BuildChrootConfig } from "../api/types.ts";
import { CoprError, RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { buildrootFields } from "./buildroot-fields.ts";

/**
 * The definition of a build of packages from these sources, made of what the API tells of the build and of its chroot in the
 * project. It has the settings of today: the frontend keeps no others, neither here nor for builders.
 */
export async function rpmDefinition(
  transport: Transport,
  build: Build,
  chroot: string,
  sources: { git_repo: string; git_hash: string | null },
): Promise<Record<string, unknown>> {
  const config = await buildConfig(transport, build.id, chroot);
  const ofChroot = await getProjectChrootBuildConfig(transport, { ...projectOf(build), chrootname: chroot });
  return {
    task_id: `${build.id}-${chroot}`,
    build_id: build.id,
    project_owner: build.ownername,
    project_name: build.projectname,
    project_dirname: build.project_dirname,
    chroot,
    package_name: build.source_package?.name ?? null,
    package_version: build.source_package?.version ?? null,
    ...sources,
    ...buildrootFields({
      ...config,
      // The API tells these two of the project's chroot only.
      isolation: await isolationOf(transport, build, ofChroot.isolation),
      additional_modules: ofChroot.additional_modules,
    }),
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

/** The chroot's own setting, or that of the project; mock knows no `unchanged`. */
async function isolationOf(transport: Transport, build: Build, own: string | null): Promise<string | null> {
  if (own !== "unchanged") return own;
  const { isolation } = await getProject(transport, projectOf(build));
  return isolation === "unchanged" ? "default" : isolation;
}

function projectOf({ ownername, projectname }: Build): { ownername: string; projectname: string } {
  return { ownername, projectname };
}
