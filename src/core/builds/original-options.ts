import { getBuildChrootConfig } from "../api/build-chroots.ts";
import type { BuildOptions } from "../api/builds.ts";
import type { BuildChrootConfig, ProjectRef, SourceBuildConfig } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";
import { type KnownProjects, unlessRefused } from "./known-projects.ts";

/** A build whose options are wanted. */
interface OptionsOwner extends ProjectRef {
  old: number;
  chroots: string[] | null;
}

/**
 * The options a build had, as far as the frontend tells them. Network and bootstrap are told as they took effect: where that is
 * what the project has anyway, the project's setting goes on to decide. `isolation`, Packit's project and the batch are not told.
 */
export async function originalOptions(
  transport: Transport,
  owner: OptionsOwner,
  { timeout, is_background: background }: SourceBuildConfig,
  known: KnownProjects,
): Promise<BuildOptions> {
  const common = { timeout, background, isolation: "unchanged" };
  for (const chroot of owner.chroots ?? []) {
    // A chroot that the build did not have is refused.
    const config = await unlessRefused(getBuildChrootConfig(transport, owner.old, chroot));
    if (config !== undefined)
      return { ...common, ...(await network(owner, config, known)), ...(await bootstrap(owner, chroot, config, known)) };
  }
  return common;
}

async function network(owner: ProjectRef, config: BuildChrootConfig, known: KnownProjects): Promise<BuildOptions> {
  const { enable_net: ofProject } = await known.project(owner);
  return config.enable_net === ofProject ? {} : { enable_net: config.enable_net };
}

/** What a build may have of its own. Where it is `default` the frontend says nothing. */
const bootstraps: readonly string[] = ["on", "off", "image"];

async function bootstrap(owner: ProjectRef, chroot: string, config: BuildChrootConfig, known: KnownProjects): Promise<BuildOptions> {
  const mode = config.bootstrap;
  if (mode === undefined || !bootstraps.includes(mode)) return {};
  const ofChroot = await known.chrootConfig(owner, chroot);
  return ofChroot === undefined || ofChroot.bootstrap === mode ? {} : { bootstrap: mode };
}
