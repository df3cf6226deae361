import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const rust: readonly Rule[] = [
  {
    name: "cargo-crate-missing",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "error: no matching package",
      "error: failed to select a version",
      "error: failed to get `",
      "error: failed to load source for dependency",
      "perhaps a crate was updated",
      "error: failed to resolve",
      "no matching package named",
    ],
    pattern:
      /^error: (?:no matching package(?: named `(?<crate>[^`]{1,100})`)?|failed to select a version for the requirement `(?<requirement>[^`]{1,100})|failed to select a version for `(?<version>[^`]{1,100})`|failed to get `(?<got>[^`]{1,100})` as a dependency|failed to load source for dependency `(?<source>[^`]{1,100})|failed to resolve patches)/,
    follow: {
      pattern: /^ {2}(?:failed to read|no matching package|Unable to update|unable to update|failed to query|attempting to make)/,
      within: 14,
      max: 2,
    },
    advice: ({ crate, requirement, version, got, source }) =>
      `cargo has no ${crate ?? requirement ?? version ?? got ?? source ?? "crate it needs"} offline: add crate(${crate ?? requirement?.split(" ")[0] ?? version ?? got ?? source ?? "NAME"}) to BuildRequires, or vendor it.`,
    example: `
+ /usr/bin/env CARGO_HOME=.cargo /usr/bin/cargo build -j2 --release
=> error: no matching package named \`clap_derive\` found
location searched: registry \`crates-io\`
required by package \`onboardd v0.5.0 (/builddir/build/BUILD/onboardd-0.5.0)\``,
  },
  {
    name: "cargo-system-library",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["The system library `", ".pc` needs to be installed"],
    pattern:
      /^\s{0,4}(?:The system library `(?<library>[^`]{1,100})` required by crate `(?<crate>[^`]{1,100})` was not found|The file `(?<file>[^`]{1,100}\.pc)` needs to be installed)/,
    advice: ({ library, file }) => `Add pkgconfig(${library ?? file?.replace(/\.pc$/, "")}) to BuildRequires.`,
    example: `
error: failed to run custom build command for \`libudev-sys v0.1.4\`
  --- stderr
  thread 'main' panicked at build.rs:38:41:
  pkg-config exited with status code 1

=>   The system library \`libudev\` required by crate \`libudev-sys\` was not found.
  The file \`libudev.pc\` needs to be installed and the PKG_CONFIG_PATH environment variable must contain its parent directory.`,
    in: "build",
  },
  {
    name: "cargo-build-tool",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["Could not find `protoc`", "not installed?", "pkg-config command could not be found"],
    pattern:
      /^\s{0,8}(?:.{0,120}Could not find `(?<tool>protoc)`|is `(?<command>[\w.+-]{1,60})` not installed\?|.{0,60}The (?<config>pkg-config) command could not be found)/,
    advice: ({ tool, command, config }) => `Add the package that has ${tool ?? command ?? config} to BuildRequires.`,
    example: `
error: failed to run custom build command for \`prost-build v0.12.3\`
  --- stderr
=>   Could not find \`protoc\` installation and this build crate cannot proceed without
  this knowledge.`,
    in: "build",
  },
  {
    name: "cargo-build-library",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Could not find directory of OpenSSL",
      "Unable to find libclang",
      "couldn't find any valid shared libraries",
      "no suitable version of LLVM",
      "No suitable version of LLVM",
    ],
    pattern:
      /^\s{0,8}.{0,120}(?:Could not find directory of OpenSSL installation|Unable to find libclang|[Nn]o suitable version of LLVM was found)/,
    advice:
      "The build script of a crate wants a library: add its -devel package (openssl-devel, clang-devel, llvm-devel) to BuildRequires.",
    example: `
error: failed to run custom build command for \`openssl-sys v0.9.100\`
  --- stderr
=>   Could not find directory of OpenSSL installation, and this \`-sys\` crate cannot
  proceed without this knowledge.`,
    in: "build",
  },
  {
    name: "pyo3-version",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: "the configured Python interpreter version",
    pattern: /^\s{0,4}error: the configured Python interpreter version \((?<version>[\d.]{1,10})\) is (?:newer|lower) than/,
    advice: ({ version }) => `This PyO3 does not know Python ${version}: take a newer one, or set PYO3_USE_ABI3_FORWARD_COMPATIBILITY=1.`,
    example: `
error: failed to run custom build command for \`pyo3-ffi v0.22.6\`
  --- stderr
=>   error: the configured Python interpreter version (3.14) is newer than PyO3's maximum supported version (3.13)
  = help: please check if an updated version of PyO3 is available.`,
    in: "build",
  },
  {
    name: "cargo-checksum",
    category: "source-corrupt",
    certainty: "sure",
    phases: scripts,
    needles: ["error: the listed checksum of", "error: checksum for `", "verifying module: checksum mismatch"],
    pattern:
      /^error: (?:the listed checksum of `(?<file>[^`]{1,300})` has changed|checksum for `(?<crate>[^`]{1,200})` (?:changed|could not be calculated))|verifying module: checksum mismatch/,
    advice: "A vendored module was changed: patch it and its checksum (.cargo-checksum.json, go.sum), or vendor it again.",
    example: `
=> error: the listed checksum of \`/builddir/build/BUILD/x-1.0/vendor/frob/src/lib.rs\` has changed:
expected: 0f0f
actual:   abab`,
    in: "build",
  },
  {
    name: "rustc-denied-warning",
    category: "werror",
    certainty: "sure",
    phases: scripts,
    needles: ["error: "],
    pattern: /^error: (?<message>[a-z`].{1,300})/,
    unless: /^error: (?:could not compile|aborting|Bad exit)/,
    follow: {
      pattern: /= note: `-D [\w:-]{1,60}` implied by `-D warnings`|^note: the lint level is defined here|= note: `#\[deny\(/,
      within: 12,
      max: 1,
      isNeeded: true,
    },
    advice: ({ message }) => `rustc takes a warning for an error (${message}): build with RUSTFLAGS that cap lints, or patch it.`,
    example: `
=> error: unused import: \`std::fmt\`
 --> src/lib.rs:3:5
  |
3 | use std::fmt;
  = note: \`-D unused-imports\` implied by \`-D warnings\`
error: could not compile \`x\` (lib) due to 1 previous error`,
    in: "build",
  },
  {
    name: "cargo-build-script",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: "panicked at ",
    // Indented: cargo shows what a build script said only when it failed.
    pattern: /^ {2}thread 'main' (?:\(\d{1,9}\) )?panicked at (?<place>.{1,300}?build\S{0,60}\.rs:\d{1,6})/,
    follow: { pattern: /^ {2}\S/, within: 1, max: 1 },
    advice: ({ place }) => `The build script of a crate gave up (${place}): it often wants a library or a program that is not there.`,
    example: `
error: failed to run custom build command for \`frob-sys v0.2.0\`
  --- stderr
=>   thread 'main' panicked at /usr/share/cargo/registry/frob-sys-0.2.0/build.rs:12:9:
  unsupported target architecture: riscv64`,
    in: "build",
  },
  {
    name: "cargo-rust-version",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["requires rustc", "is not supported by the following package", "which is newer than"],
    pattern:
      /^error: (?<message>(?:package `.{1,200}` cannot be built because it requires rustc|rustc [\d.]{1,20} is not supported by).{0,300})/,
    advice: ({ message }) => `The Rust of this chroot is too old: ${message}.`,
    example: `
=> error: rustc 1.75.0 is not supported by the following packages:
  clap@4.5.0 requires rustc 1.80`,
  },
  {
    name: "cargo-error",
    category: "configure-error",
    certainty: "likely",
    phases: scripts,
    needles: [
      "error: failed to parse",
      "error: could not find `Cargo",
      "error: the lock file",
      "error: cannot update the lock file",
      "error: manifest path",
      "error: no such command",
      "error: package `",
      "error: virtual manifests",
      "error: invalid character",
    ],
    pattern:
      /^error: (?<message>(?:failed to parse (?:manifest|lock)|could not find `Cargo|the lock file .{1,200} needs to be updated|cannot update the lock file|manifest path|no such command: `|virtual manifests|package `.{1,100}` (?:depends on|requires|does not have)).{0,300})/,
    advice: ({ message }) => `cargo refuses: ${message}.`,
    example: `
=> error: the lock file /builddir/build/BUILD/x-1.0/Cargo.lock needs to be updated but --locked was passed to prevent this`,
  },
  {
    name: "rustc-crate",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["error[E0463]"],
    pattern: /^error\[E0463\]: can't find crate for `(?<crate>[^`]{1,100})`/,
    advice: ({ crate }) => `Add crate(${crate}), or the target's standard library, to BuildRequires.`,
    example: `
=> error[E0463]: can't find crate for \`core\`
  |
  = note: the \`wasm32-unknown-unknown\` target may not be installed`,
  },
  {
    name: "rustc-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["error[E", "error: cannot find ", "error: unused ", "error: linking with", "error: this file contains"],
    pattern:
      /^error(?:\[(?<code>E\d{4})\])?: (?<message>(?:(?<=\]: ).{1,300}|cannot find (?:macro|attribute|derive) .{1,200}|this file contains .{1,200}))/,
    unless: /^error\[E0463\]/,
    follow: { pattern: /^ *--> /, within: 1, max: 1 },
    advice: ({ message }) => `rustc refuses the source: ${message}.`,
    example: `
   Compiling rustfail v0.1.0 (/builddir/build/BUILD/rustfail-1.0)
=> error[E0599]: no method named \`lenght\` found for struct \`Vec<u8>\` in the current scope
 --> src/main.rs:4:22
  |
4 |     println!("{}", v.lenght());
error: could not compile \`rustfail\` (bin "rustfail") due to 1 previous error`,
  },
  {
    name: "rustc-other-error",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: ["error: "],
    pattern:
      /^error: (?<message>(?:expected|mismatched|unexpected|unknown|unused|use of|format|environment variable|proc macro|proc-macro|prefix|invalid|cannot|missing|custom|failed to|macro|no rules).{0,300})/,
    unless: /^error: (?:failed to (?:get|select|load|parse|run|download|fetch|resolve)|invalid command '|could not compile|command ')/,
    follow: { pattern: /^ *--> /, within: 1, max: 1, isNeeded: true },
    advice: ({ message }) => `The compiler refuses the source: ${message}.`,
    example: `
=> error: environment variable \`GIT_SHA\` not defined at compile time
 --> src/version.rs:3:30
error: could not compile \`x\` (lib) due to 1 previous error`,
  },
  {
    name: "rust-could-not-compile",
    category: "compile-error",
    certainty: "vague",
    onlyReports: true,
    phases: scripts,
    needles: ["error: could not compile ", "error: failed to run custom build command "],
    pattern: /^error: (?:could not compile|failed to run custom build command for) `(?<crate>[^`]{1,100})`/,
    advice: ({ crate }) => `The crate ${crate} does not compile with this rustc and what is installed.`,
    example: `
=> error: could not compile \`memchr\` (lib)`,
  },
];
