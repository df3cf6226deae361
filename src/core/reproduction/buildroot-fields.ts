import type { ProjectChrootBuildConfig } from "../api/types.ts";

/** What of a buildroot the API tells, for a build or for a project's chroot. */
export type BuildrootConfig = Partial<Omit<ProjectChrootBuildConfig, "chroot" | "additional_repos">>;

/** The fields of a build definition that say how its buildroot is made; none is made up. */
export function buildrootFields(config: BuildrootConfig): Record<string, unknown> {
  return {
    repos: config.repos,
    buildroot_pkgs: config.additional_packages,
    with_opts: config.with_opts,
    without_opts: config.without_opts,
    enable_net: config.enable_net,
    isolation: config.isolation ?? null,
    bootstrap: config.bootstrap ?? null,
    bootstrap_image: config.bootstrap_image ?? null,
    modules: modulesOf(config.additional_modules ?? []),
  };
}

function modulesOf(texts: readonly string[]): { toggle: Record<string, string>[] } | null {
  const toggle = texts.map(withoutComma).filter(Boolean).map(moduleToggle);
  return toggle.length === 0 ? null : { toggle };
}

/** The frontend keeps "a, b" and parts it at the blanks here, but at the commas for builders. */
function withoutComma(text: string): string {
  return text.replace(/,+$/, "");
}

/** `name:stream` enables a module, `!name:stream` disables it, as the frontend reads its own setting. */
function moduleToggle(text: string): Record<string, string> {
  return text.startsWith("!") ? { disable: text.slice(1) } : { enable: text };
}
