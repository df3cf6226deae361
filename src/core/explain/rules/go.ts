import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const go: readonly Rule[] = [
  {
    name: "go-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      'cannot find package "',
      "cannot find module providing package",
      "no required module provides package",
      "is not in std",
      "is not in GOROOT",
      "missing go.sum entry",
      "cannot find main module",
      "inconsistent vendoring",
      "is explicitly required in go.mod, but not marked",
      "module lookup disabled",
      "disabled by GOPROXY=off",
      "cannot query module",
    ],
    pattern:
      /(?:cannot find package "(?<package>[^"]{1,200})"|cannot find module providing package (?<module>[^\s:;]{1,200})|no required module provides package (?<required>[^\s:;]{1,200})|package (?<std>\S{1,200}) is not in (?:std|GOROOT)|missing go\.sum entry for .{0,60}(?<sum>\S{1,200})|cannot find main module|inconsistent vendoring|module lookup disabled by (?:GOPROXY=off|-mod=vendor)|cannot query module due to)/,
    advice: ({ package: name, module, required, std }) =>
      `Go has no ${name ?? module ?? required ?? std ?? "module it needs"} offline: add golang(${name ?? module ?? required ?? std ?? "IMPORT PATH"}) to BuildRequires, or vendor it.`,
    example: `
+ go build -buildmode pie -compiler gc -o bin/prog ./cmd/prog
=> main.go:6:2: cannot find package "github.com/spf13/cobra" in any of:
	/usr/lib/golang/src/github.com/spf13/cobra (from $GOROOT)`,
  },
  {
    name: "go-package",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["build constraints exclude all Go files", "import cycle not allowed", "no Go files in ", "no non-test Go files in"],
    pattern:
      /^(?:package \S{1,200}(?::|$)|.{0,300}: |\s{0,4}imports \S{1,200}: )?\s?(?:build constraints exclude all Go files in|import cycle not allowed|no (?:non-test )?Go files in) ?(?<directory>\S{1,300})?/,
    unless: /^(?:go: warning|warning)|matched no packages/,
    advice: "Go can't build the package here: its files are for another system or need tags, or it imports itself.",
    example: `
+ go build -o bin/x ./cmd/x
=> package example.org/x/cmd/x: build constraints exclude all Go files in /builddir/build/BUILD/x-1.0/cmd/x`,
    in: "build",
  },
  {
    name: "go-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [".go:"],
    pattern: /^(?:vet: )?(?<file>[^\s:]{1,300}\.go):(?<line>\d{1,7}):\d{1,5}: (?<message>(?!warning).{1,300})/,
    unless: /cannot find package|cannot find module|no required module|is not in (?:std|GOROOT)|level=|^\S+: (?:PASS|INFO|DEBUG)/,
    advice: ({ file, line, message }) => `The Go compiler refuses line ${line} of ${file}: ${message}.`,
    example: `
# example.org/prog/internal/store
=> internal/store/store.go:41:9: undefined: bbolt.Opne
make: *** [Makefile:12: build] Error 1`,
    in: "build",
  },
  {
    name: "go-version",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "go: go.mod requires go",
      "requires go >= ",
      "go: errors parsing go.mod",
      "toolchain not available",
      "go: updates to go.mod needed",
    ],
    pattern:
      /^go: (?:go\.mod requires go >= (?<version>[\d.]{1,20})|.{0,200}requires go >= (?<other>[\d.]{1,20})|errors parsing go\.mod|download go\S{1,40}.{0,60}toolchain not available|updates to go\.mod needed)/,
    advice: ({ version, other }) =>
      `The Go of this chroot is too old${(version ?? other) === undefined ? "" : `: ${version ?? other} is asked for`}.`,
    example: `
=> go: go.mod requires go >= 1.26.1 (running go 1.25.3; GOTOOLCHAIN=local)`,
  },
  {
    name: "go-vcs-stamp",
    category: "script-failed",
    certainty: "sure",
    phases: scripts,
    needles: "error obtaining VCS status",
    pattern: /^error obtaining VCS status: /,
    advice: "Go wants to note the state of a repository that is not there: build with -buildvcs=false.",
    example: `
+ go build -o bin/x ./cmd/x
=> error obtaining VCS status: exit status 128
	Use -buildvcs=false to disable VCS stamping.`,
    in: "build",
  },
  {
    name: "cgo-compiler",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: "cgo: ",
    pattern: /^cgo: (?:C compiler "(?<compiler>[^"]{1,60})" not found|cannot parse|.{1,40} not found)/,
    advice: ({ compiler }) => `Add ${compiler ?? "a C compiler"} to BuildRequires.`,
    example: `
# runtime/cgo
=> cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH`,
    in: "build",
  },
];
