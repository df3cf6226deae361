import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** The build system of the kernel, which builds modules, too. */
export const kernelModules: readonly Rule[] = [
  {
    name: "modpost",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: "modpost: ",
    pattern: /^ERROR: modpost: "(?<symbol>[^"]{1,200})" \[(?<module>[^\]]{1,200})\] undefined!/,
    advice: ({ symbol, module }) => `The kernel exports no ${symbol} any more, which ${module} calls: fix the module for this kernel.`,
    example: `
  MODPOST Module.symvers
=> ERROR: modpost: "kallsyms_lookup_name" [/builddir/build/BUILD/x-1.0/x.ko] undefined!
make[3]: *** [scripts/Makefile.modpost:147: Module.symvers] Error 1`,
    in: "build",
  },
  {
    name: "modpost-refuses",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: ["ERROR: modpost: ", "FATAL: modpost: ", "FAILED: load BTF", "Failed to generate BTF"],
    pattern: /^(?:ERROR|FATAL): modpost: (?<message>(?!").{1,300})|^FAILED: load BTF from \S{1,200}: (?<btf>.{1,100})/,
    advice: ({ message, btf }) => `The kernel's build system refuses to link: ${message ?? btf}.`,
    example: `
  MODPOST Module.symvers
=> FATAL: modpost: GPL-incompatible module x.ko uses GPL-only symbol 'device_create'
make[3]: *** [scripts/Makefile.modpost:147: Module.symvers] Error 1`,
    in: "build",
  },
  {
    name: "kernel-not-configured",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Kernel configuration is invalid", 'Configuration file ".config" not found', "are set in requested", "Restart config..."],
    pattern:
      /^\s{0,3}ERROR: Kernel configuration is invalid|^\*\*\* Configuration file "\.config" not found|^Error: config options not set, check above output/,
    advice: "The kernel's source is not configured: build against the files of kernel-devel, or run make olddefconfig first.",
    example: `
make -C /usr/src/kernels/6.17.1 M=/builddir/build/BUILD/x modules
=>   ERROR: Kernel configuration is invalid.
         include/generated/autoconf.h or include/config/auto.conf are missing.
         Run 'make oldconfig && make prepare' on kernel src to fix it.
make[1]: *** [Makefile:780: include/config/auto.conf] Error 1`,
    in: "build",
  },
  {
    name: "kernel-wants-library",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: [
      "please install libelf",
      "Cannot use CONFIG_STACK_VALIDATION",
      "pahole (pahole) is not available",
      "Cannot find libelf",
      "openssl/opensslv.h",
    ],
    pattern:
      /^(?:.{0,40}\*\*\* |error: |\S{1,200}: )?(?:(?:Cannot (?:generate ORC|use CONFIG_\w{1,40})|Cannot find libelf).{0,100}please install .{1,100}|BTF: \S{1,60}: pahole .{0,60}is not available)/,
    advice: "The kernel's build system wants elfutils-libelf-devel (or dwarves): add it to BuildRequires.",
    example: `
=> error: Cannot generate ORC metadata for CONFIG_UNWINDER_ORC=y, please install libelf-dev, libelf-devel or elfutils-libelf-devel
make: *** [Makefile:1338: prepare-objtool] Error 1`,
    in: "build",
  },
];
