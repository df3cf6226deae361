import { includeOf, type Macro, macroLines, setting } from "./settings.ts";

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
