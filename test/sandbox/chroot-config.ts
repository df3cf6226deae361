import type { Build, Project, ProjectChroot } from "./models.ts";
import { chrootRepositories, fullName, type Repository } from "./repositories.ts";
import type { World } from "./world.ts";

/** What one chroot of one build is built with: the build's wishes over the chroot's over the project's. */
export interface EffectiveConfig {
  enable_net: boolean;
  isolation: string;
  /** Undefined when nobody asked for anything: the key is then left out of tasks. */
  bootstrap: string | undefined;
  bootstrap_image: string | undefined;
  repos: Repository[];
}

export function effectiveConfig(world: World, build: Build, chroot: ProjectChroot): EffectiveConfig {
  const { project, options } = build;
  const bootstrap = firstChoice(options.bootstrap, chroot.bootstrap, project.settings.bootstrap);
  return {
    enable_net: options.enable_net,
    isolation: firstChoice(options.isolation, chroot.isolation, project.settings.isolation),
    bootstrap: bootstrap === "default" ? undefined : bootstrap,
    bootstrap_image: bootstrap === "custom_image" ? (chroot.bootstrap_image ?? undefined) : undefined,
    repos: chrootRepositories(world, project, chroot, options.project_dirname),
  };
}

/** The sources of packages a chroot may use, as addresses instead of repositories. */
export function configuredRepositories(project: Project, chroot: ProjectChroot): string[] {
  const own = `copr://${fullName(project)}`;
  const devel = project.settings.devel_mode ? [`${own}/devel`] : [];
  return [own, ...chroot.additional_repos, ...project.settings.additional_repos, ...devel];
}

/** `nodejs:18` enables, `!perl:5` disables a module stream. */
export function moduleToggles(chroot: ProjectChroot): { toggle: Record<string, string>[] } | undefined {
  if (chroot.additional_modules.length === 0) return undefined;
  const toggle = chroot.additional_modules.map(
    (module): Record<string, string> => (module.startsWith("!") ? { disable: module.slice(1) } : { enable: module }),
  );
  return { toggle };
}

function firstChoice(...choices: string[]): string {
  return choices.find((choice) => choice !== "unchanged") ?? "default";
}
