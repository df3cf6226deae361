import type { ProjectChrootBuildConfig, Repository } from "../api/types.ts";
import { CoprError } from "../errors.ts";
import { chrootNamePattern } from "../task/names.ts";
import { type PythonValue, pythonBlock, pythonLiteral } from "./python-literal.ts";

/** A mock profile of a project's chroot to try builds with at home, as `copr-cli mock-config` prints it. */
export function projectMockProfile(
  config: ProjectChrootBuildConfig,
  { ownername, projectname, chroot }: { ownername: string; projectname: string; chroot: string },
): string {
  const owner = ownername.replaceAll("@", "group_");
  const packages = config.additional_packages ?? [];
  const lines = [
    "# This is development/testing only mock profile, not exactly the same as",
    "# is used on copr builders;  but it is basically similar.  If you need an",
    "# exact mock configuration (because you e.g. try to reproduce failed",
    "# build), such configuration is put alongside the built RPMs.",
    "",
    includeOf(chroot),
    "",
    setting("root", `${owner}-${projectname}_${chroot}`),
    ...isolationLines(config.isolation),
    ...bootstrapLines(config.bootstrap, config.bootstrap_image),
    ...(packages.length > 0 ? [setting("chroot_additional_packages", packages.join(" "))] : []),
  ];
  const repositories = config.repos ?? [];
  if (repositories.length > 0) {
    const sections = repositories.map((repository) => `\n\n${developerSection(repository)}`).join("");
    lines.push("", repositoryBlock(`${sections}\n`, "'"));
  }
  return lines.join("\n");
}

/** Where mock itself looks for chroots and settings of the host. */
export const defaultConfigDirectory = "/etc/mock";

/** An RPM macro: name with its `%`, and value. */
export type Macro = readonly [name: string, value: string];

/** What of a build task goes into the builder's mock configuration. */
export interface BuilderProfile {
  chroot: string;
  /** Where the host's chroots are configured. Default: /etc/mock. */
  configDirectory?: string;
  /** Text that administrators of the builder attached to the task's tags; trusted. */
  snippet?: string;
  buildrootPackages: readonly string[];
  hasNetwork: boolean;
  isolation: string | null;
  macros: readonly Macro[];
  bootstrap: string | undefined;
  bootstrapImage: string | undefined;
  /** Pairs such as `["enable", "nodejs:18"]`. */
  modules: readonly (readonly [action: string, module: string])[];
  repositories: readonly Repository[];
}

/** The mock configuration of an RPM build on a builder (`child.cfg`). The same profile gives the same text. */
export function builderMockProfile(profile: BuilderProfile): string {
  const lines = [
    includeOf(profile.chroot, profile.configDirectory),
    "",
    ...keptTmpfs,
    // Without a terminal mock keeps the build's output to itself; upstream fakes a terminal instead.
    setting("print_main_output", true),
  ];
  if (profile.snippet) lines.push("", "# Configuration of this builder for the task's tags", profile.snippet.trimEnd());
  lines.push("");
  if (profile.buildrootPackages.length > 0) lines.push(setting("chroot_additional_packages", profile.buildrootPackages.join(" ")));
  lines.push(setting("rpmbuild_networking", profile.hasNetwork), setting("use_host_resolv", profile.hasNetwork));
  lines.push(...isolationLines(profile.isolation));
  lines.push(...macroLines(profile.macros));
  lines.push(...bootstrapLines(profile.bootstrap, profile.bootstrapImage));
  if (profile.modules.length > 0) {
    lines.push(
      setting(
        "module_setup_commands",
        profile.modules.map((pair) => ({ tuple: [...pair] })),
      ),
    );
  }
  if (profile.repositories.length > 0) {
    const sections = profile.repositories.map((repository) => `\n\n${builderSection(repository)}`).join("");
    lines.push("", repositoryBlock(`${sections}\n`, '"'));
  }
  return `${lines.join("\n")}\n`;
}

/**
 * The mock configuration for making a source package of a spec file: the builder's default chroot, with network for
 * the spec's sources, and without the capabilities that would let it out (upstream's list).
 */
export function sourceMockProfile(macros: readonly Macro[], configDirectory?: string): string {
  const capabilities = [
    "SYS_ADMIN",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
    "SYS_NICE",
    "SYS_PTRACE",
    "SYS_TTY_CONFIG",
    "SYS_RESOURCE",
    "SYS_BOOT",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
  ].map((name) => `CAP_${name}`);
  const lines = [
    includeOf("default", configDirectory),
    "",
    setting("root", "make-srpm-method"),
    setting("rpmbuild_networking", true),
    setting("use_host_resolv", true),
    setting("chroot_additional_packages", "make dnf"),
    "config_opts['plugin_conf']['bind_mount_enable'] = True",
    setting("use_bootstrap", false),
    setting("nspawn_args", [`--drop-capability=${capabilities.join(",")}`]),
    setting("print_main_output", true),
    ...macroLines(macros),
  ];
  return `${lines.join("\n")}\n`;
}

/** What of a task goes into the mock configuration that its script runs in. */
export type ScriptProfile = Pick<BuilderProfile, "chroot" | "configDirectory" | "snippet" | "macros" | "repositories">;

/** The mock configuration for the script of a custom source (`mock-config.cfg`). */
export function customMockProfile({ chroot, configDirectory, snippet, macros, repositories }: ScriptProfile): string {
  const lines = [includeOf(chroot, configDirectory), setting("rpmbuild_networking", true), setting("use_host_resolv", true), ""];
  // No builddep is run, so the image needs none of its plugins. That of Fedora 40 needs to be told (upstream's issue 3140).
  if (!chroot.startsWith("fedora-40-")) lines.push(setting("bootstrap_image_ready", true));
  lines.push(
    "config_opts['root'] = 'copr-custom-' + config_opts['root']",
    // The script's chroot has to last for several calls of mock.
    ...keptTmpfs,
    setting("print_main_output", true),
  );
  if (snippet) lines.push("", "# Configuration of this builder for the task's tags", snippet.trimEnd());
  lines.push("", ...macroLines(macros));
  if (repositories.length > 0) {
    const sections = repositories.map((repository) => `\n\n${builderSection(repository)}`).join("");
    lines.push("", repositoryBlock(`${sections}\n`, '"'));
  }
  return `${lines.join("\n")}\n`;
}

const keptTmpfs = [
  "config_opts.setdefault('plugin_conf', {})",
  "config_opts['plugin_conf'].setdefault('tmpfs_opts', {})",
  "config_opts['plugin_conf']['tmpfs_opts']['keep_mounted'] = True",
];

function macroLines(macros: readonly Macro[]): string[] {
  return macros.map(([name, value]) => `config_opts['macros'][${literal(name)}] = ${literal(value)}`);
}

function includeOf(chroot: string, directory = defaultConfigDirectory): string {
  if (!chrootNamePattern.test(chroot)) throw new CoprError(`'${chroot}' is not the name of a chroot`);
  return `include(${pythonLiteral(`${directory}/${chroot}.cfg`)})`;
}

function setting(name: string, value: PythonValue): string {
  return `config_opts['${name}'] = ${literal(value)}`;
}

/** mock expands Jinja in values of its configuration, so a perfect literal may still be a template (security: C32). */
function literal(value: PythonValue): string {
  const text = pythonLiteral(value);
  refuseTemplates(text);
  return text;
}

function refuseTemplates(text: string): void {
  if (/\{[{%#]/.test(text)) throw new CoprError(`Refusing a value with a template in it: ${text.slice(0, 200)}`);
}

function isolationLines(isolation: string | null | undefined): string[] {
  return isolation && isolation !== "default" ? [setting("isolation", isolation)] : [];
}

function bootstrapLines(bootstrap: string | null | undefined, image: string | null | undefined): string[] {
  const both = (container: boolean, fromImage: boolean): string[] => [
    setting("use_bootstrap", container),
    setting("use_bootstrap_image", fromImage),
  ];
  if (bootstrap === "on") return both(true, false);
  if (bootstrap === "off") return both(false, false);
  if (bootstrap !== "image" && bootstrap !== "custom_image") return [];
  return [...both(true, true), ...(image ? [setting("bootstrap_image", image)] : [])];
}

/** The text for dnf is put together first and quoted as a whole, so that nothing in it can end the literal. */
function repositoryBlock(text: string, quote: string): string {
  refuseTemplates(text);
  return `config_opts[${quote}dnf.conf${quote}] += ${pythonBlock(text)}`;
}

/** Order and values of upstream's `mock-config`. */
function developerSection(repository: Repository): string {
  return section(repository, [
    `name="${repository.name}"`,
    `baseurl=${repository.baseurl}`,
    ...(repository.priority ? [`priority=${repository.priority}`] : []),
    ...(repository.module_hotfixes ? ["module_hotfixes=True"] : []),
    "gpgcheck=0",
    ...gpgLine(repository),
    "enabled=1",
    "skip_if_unavailable=1",
    "metadata_expire=0",
    "cost=1",
    "best=1",
  ]);
}

/** Order and values of upstream's builder. A repository that is down fails a build instead of changing its result. */
function builderSection(repository: Repository): string {
  const { priority, module_hotfixes: hotfixes } = repository;
  return section(repository, [
    `name='${repository.name}'`,
    `baseurl=${repository.baseurl}`,
    "gpgcheck=0",
    ...gpgLine(repository),
    "enabled=1",
    "skip_if_unavailable=0",
    "metadata_expire=0",
    "cost=1",
    "best=1",
    ...(priority === null || priority === undefined ? [] : [`priority=${priority}`]),
    ...(hotfixes === null || hotfixes === undefined ? [] : [`module_hotfixes=${hotfixes ? "True" : "False"}`]),
  ]);
}

function gpgLine({ repo_gpgcheck: check }: Repository): string[] {
  return check === null || check === undefined ? [] : [`repo_gpgcheck=${check ? 1 : 0}`];
}

function section({ id }: Repository, lines: readonly string[]): string {
  const all = [`[${id}]`, ...lines];
  // A line end in a value would begin a line, or a whole section, of its own (security: C5).
  // oxlint-disable-next-line no-control-regex
  const broken = all.find((line) => /[\u0000-\u001f\u007f]/.test(line));
  if (broken !== undefined) throw new CoprError(`Refusing the repository '${id.slice(0, 80)}': it holds control characters`);
  // [main] is no repository but dnf's own settings.
  if (!/^[^[\]]+$/.test(id) || id.trim() === "main") throw new CoprError(`Refusing the repository id '${id.slice(0, 80)}'`);
  return all.join("\n");
}
