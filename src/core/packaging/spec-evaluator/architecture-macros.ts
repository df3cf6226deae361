import type { MacroDefinition } from "./macro-table.ts";

/** Macro: value, or its definition when it has parameters. */
export type Macros = Readonly<Record<string, MacroDefinition | string>>;

/** Families of architectures that rpm itself knows, in its present releases. */
export const rpmArchitectures: Macros = {
  ix86: "i386 i486 i586 i686 pentium3 pentium4 athlon geode",
  alpha: "alpha alphaev5 alphaev56 alphapca56 alphaev6 alphaev67",
  arm: "armv3l armv4b armv4l armv4tl armv5tl armv5tel armv5tejl armv6l armv6hl armv7l armv7hl armv7hnl armv8l armv8hl armv8hnl armv8hcnl",
  arm32: "%{arm}",
  arm64: "aarch64",
  mips32: "mips mipsel mipsr6 mipsr6el",
  mips64: "mips64 mips64el mips64r6 mips64r6el",
  mips: "%{mips32} %{mips64}",
  power64: "ppc64 ppc64p7 ppc64le",
  riscv: "riscv32 riscv64 riscv128",
  riscv32: "riscv32",
  riscv64: "riscv64",
  sparc: "sparc sparcv8 sparcv9 sparcv9v sparc64 sparc64v",
};

/** The same where rpm is new enough to know the levels of x86_64. */
export const x86Levels: Macros = { x86_64: "x86_64 x86_64_v2 x86_64_v3 x86_64_v4 amd64 em64t" };

/** Where a language or a program works, as Fedora and what is made from it see it. */
export const fedoraArchitectures = {
  java_arches: "aarch64 ppc64le s390x x86_64 riscv64",
  nodejs_arches: "%{ix86} x86_64 %{arm} aarch64 %{power64} s390x riscv64",
  rust_arches: "x86_64 %{ix86} armv7hl aarch64 ppc64 ppc64le riscv64 s390x",
  golang_arches: "%{ix86} x86_64 %{arm} aarch64 ppc64le s390x riscv64",
  golang_arches_future: "x86_64 %{arm} aarch64 ppc64le s390x riscv64",
  gccgo_arches: "%{mips}",
  go_arches: "%{golang_arches} %{gccgo_arches}",
  ghc_arches: "%{ix86} %{arm} x86_64 aarch64 ppc64le riscv64 s390x",
  mono_arches: "%{ix86} x86_64 sparc sparcv9 ia64 %{arm} aarch64 alpha s390x ppc ppc64 ppc64le",
  ocaml_native_compiler: "aarch64 %{power64} riscv64 s390x x86_64",
  kernel_arches: "x86_64 s390x ppc64le aarch64 %{arm} riscv64",
  ldc_arches: "%{ix86} x86_64 %{arm} aarch64",
  fpc_arches: "%{ix86} %{arm} x86_64 ppc64le aarch64",
  openblas_arches: "x86_64 %{ix86} armv7hl %{power64} aarch64 s390x riscv64",
  valgrind_arches: "%{ix86} x86_64 ppc ppc64 ppc64le s390x armv7hl aarch64 riscv64",
  qt5_qtwebengine_arches: "%{ix86} x86_64 %{arm} aarch64 mips mipsel mips64el riscv64",
  qt6_qtwebengine_arches: "x86_64 aarch64 ppc64le",
  qemu_kvm_arches: "%{ix86} x86_64 aarch64 s390x %{power64}",
  efi: "x86_64 aarch64 %{arm} %{ix86} riscv64",
  // Go packages begin with it. What else it does is Lua and of no concern here.
  gometa: { body: "ExclusiveArch: %{!-f:%{golang_arches}}%{-f:%{golang_arches_future}}", parameters: "az:svifL" },
} as const satisfies Macros;

/** What only Fedora itself has. */
export const fedoraOnlyArchitectures: Macros = {
  GNAT_arches: "%{ix86} x86_64 %{power64} s390x aarch64 riscv64 ia64 ppc alpha %{arm}",
  GPRbuild_arches: "%{ix86} x86_64 %{power64} s390x aarch64 riscv64",
  zig_arches: "x86_64 aarch64 riscv64 %{mips64}",
  hare_arches: "x86_64 aarch64 riscv64",
};

/** What Enterprise Linux has: fewer machines, and older programs in older releases. */
export function enterpriseArchitectures(release: number): Macros {
  const { nodejs_arches, mono_arches } = fedoraArchitectures;
  if (release <= 7) return withoutRiscV({ nodejs_arches, mono_arches });
  const lists: Macros = {
    ...fedoraArchitectures,
    golang_arches: "x86_64 aarch64 ppc64le s390x riscv64",
    kernel_arches: "x86_64 s390x ppc64le aarch64 riscv64",
  };
  if (release >= 10) return lists;
  const older = { ...withoutRiscV(lists), ocaml_native_compiler: olderOcaml };
  if (release === 9) return older;
  return {
    ...older,
    golang_arches: "x86_64 %{arm} aarch64 ppc64le s390x",
    kernel_arches: "x86_64 s390x ppc64le aarch64 %{arm}",
    rust_arches: "x86_64 i686 armv7hl aarch64 ppc64 ppc64le s390x",
    ldc_arches: "%{ix86} x86_64 %{arm} %{power64}",
  };
}

/** Mageia keeps the lists of some languages. */
export function mageiaArchitectures(release: number): Macros {
  const {
    java_arches,
    golang_arches,
    golang_arches_future,
    gccgo_arches,
    go_arches,
    mono_arches,
    rust_arches,
    ocaml_native_compiler,
    gometa,
  } = fedoraArchitectures;
  const lists = {
    java_arches,
    golang_arches,
    golang_arches_future,
    gccgo_arches,
    go_arches,
    mono_arches,
    rust_arches,
    ocaml_native_compiler,
    gometa,
  };
  return release >= 10 ? lists : { ...withoutRiscV(lists), ocaml_native_compiler: olderOcaml };
}

const olderOcaml = "aarch64 %{arm} %{ix86} ppc ppc64 ppc64le riscv64 s390x sparc sparcv9 x86_64";

function withoutRiscV(macros: Macros): Macros {
  const lists = Object.entries(macros).map(([name, value]) => [name, typeof value === "string" ? value.replace(" riscv64", "") : value]);
  return Object.fromEntries(lists) as Macros;
}
