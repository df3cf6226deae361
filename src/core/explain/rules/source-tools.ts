import type { Rule } from "./rule.ts";
import { sourcePhases } from "./phases.ts";

/** The programs that make a source package out of a checkout: make srpm, rpkg, tito, packit, pyrpkg, generators of spec files. */
export const sourceTools: readonly Rule[] = [
  {
    name: "srpm-command-missing",
    category: "srpm-method",
    certainty: "sure",
    phases: sourcePhases,
    needles: [": No such file or directory", "command not found", ": not found", "No rule to make target"],
    pattern:
      /^(?:g?make(?:\[\d+\])?: (?<command>[^\s:*]{1,100}): No such file or directory|\S{0,200}: (?:(?:line )?\d+: )?(?<other>[^\s:]{1,100}): (?:command )?not found|g?make(?:\[\d+\])?: \*\*\* No rule to make target .{1,200})/,
    advice: ({ command, other }) =>
      `The script or Makefile that makes the source package misses ${command ?? other ?? "a target"}: install it there (dnf install), or name it in the build dependencies.`,
    example: `
Running: mock --uniqueext 17 -r /var/lib/copr-rpmbuild/results/mock-source-build.cfg --chroot 'make -f .copr/Makefile srpm'
rc: 2
stdout: dnf install -y git
=> stderr: make: cargo: No such file or directory
make: *** [.copr/Makefile:9: srpm] Error 127

Copr build error: make: cargo: No such file or directory`,
  },
  {
    name: "generator-of-spec",
    category: "srpm-method",
    certainty: "sure",
    phases: sourcePhases,
    needles: [
      "Unable to generate spec",
      "Could not find a version",
      "not found on PyPI",
      "Please, install",
      "Gem::",
      "ERROR:  Could not find a valid gem",
      "Unknown license",
      "No files were found",
      "tito.exception",
      "ERROR: ",
      "rpkg: ",
      "KeyError: ",
    ],
    pattern:
      /(?:Unable to generate spec|Could not find a version that satisfies|not found on PyPI|Please, install `|Could not find a valid gem|^ERROR: (?:Untagged|No tags|Tag does not exist|Could not find|Unable to|Can't find).{0,200}|^tito\.exception\.\w+: .{0,200})/,
    unless: /^\s+raise /,
    advice: "The tool that makes the source package failed: its line says why; run it in a clone of the repository.",
    example: `
Running: pyp2spec nosuchmodule -v 1.0
=> Unable to generate spec for \`nosuchmodule'
Copr build error: Build failed`,
  },
  {
    name: "packit-on-spec",
    category: "spec-syntax",
    certainty: "decisive",
    phases: sourcePhases,
    proves: "sources",
    needles: ["Preparing of the upstream", "Preparation of the repository", "specfile.exceptions."],
    pattern:
      /(?:Preparing of the upstream|Preparation of the repository) .{0,60}failed: (?<message>(?:error: )?line \d{1,6}: .{1,300}|.{0,100}(?:can't parse|[Ff]ailed to parse|could not parse|unable to parse) .{0,40}spec.{0,200})|^specfile\.exceptions\.\w{1,40}: (?<parsed>(?:line \d|.{0,60}parse).{0,300})/,
    advice: ({ message, parsed }) => `The spec file does not parse: ${message ?? parsed}.`,
    example: `
+ packit -d prepare-sources --result-dir resultdir
=> 2023-07-26 13:54:34.791 utils.py          ERROR  Preparation of the repository for creation of an SRPM failed: line 239: Too many names: %files -n python3-x -f %{pyproject_files}
ValueError: can't parse specfile
Copr build error: Build failed`,
  },
  {
    name: "packit-download",
    category: "source-download",
    certainty: "decisive",
    phases: sourcePhases,
    proves: "sources",
    needles: ["ailed to download file from URL", "Download of remote source", "Downloading of remote source"],
    pattern:
      /[Ff]ailed to download file from URL (?<url>\S{1,300})|^(?:[\w.]{1,40} {1,20})?ERROR {1,8}.{0,60}Download(?:ing)? of (?:remote )?source.{0,200}failed/,
    advice: ({ url }) =>
      `A source can't be downloaded${url === undefined ? "" : ` (${url.replace(/\.$/, "")})`}: check its address in the spec file.`,
    example: `
+ packit -d prepare-sources --result-dir resultdir
PackitSRPMException
=> Preparing of the upstream to the SRPM build failed: Failed to download file from URL https://example.org/x/74.0.43.tar.gz. Reason: 'Not Found'.
Copr build error: Build failed`,
  },
  {
    name: "pyrpkg-download",
    category: "source-download",
    certainty: "decisive",
    proves: "sources",
    needles: ["Could not execute ", "pyrpkg.errors.DownloadError"],
    pattern:
      /^Could not execute (?<command>[\w-]{1,30}): (?<message>(?:Server returned status code|Failed to download|Could not download|.{0,40}requested URL returned error|.{0,100}(?:404|403|50\d) ).{0,300})|^pyrpkg\.errors\.DownloadError: (?<other>.{1,300})/,
    advice: ({ message, other }) =>
      `The lookaside cache does not have a source (${message ?? other}): upload it with new-sources, or correct the sources file.`,
    example: `
Downloading x-4.8.tar.bz2
=> Could not execute sources: Server returned status code 404
Traceback (most recent call last):
pyrpkg.errors.DownloadError: Server returned status code 404`,
    in: "sources",
  },
  {
    name: "pyrpkg-failed",
    category: "srpm-method",
    certainty: "sure",
    phases: sourcePhases,
    needles: "Could not execute ",
    pattern: /^Could not execute (?<command>[\w-]{1,30}): (?<message>.{1,300})/,
    unless: /status code|Failed to execute command|returned non-zero/,
    advice: ({ command, message }) => `fedpkg ${command} failed: ${message}.`,
    example: `
Creating repo object from /home/user/x
=> Could not execute srpm: Could not get the release/version of the package
Copr build error: Build failed`,
  },
  {
    name: "packit-preparation",
    category: "srpm-method",
    certainty: "sure",
    phases: sourcePhases,
    needles: ["Preparing of the upstream", "Preparation of the repository"],
    pattern:
      /^(?:[\w.]{1,40} {1,20})?ERROR {1,8}(?:Preparing of the upstream|Preparation of the repository) .{0,60}failed(?:: (?<message>.{1,300}))?/,
    follow: { pattern: /^[A-Z]\w{1,60}(?:Error|Exception): /, within: 40, max: 1 },
    advice: ({ message }) =>
      `packit could not prepare the sources${message === undefined ? "" : ` (${message})`}: run packit srpm in a clone.`,
    example: `
Running: copr-sources-custom --workdir /workdir
+ packit -d prepare-sources --result-dir resultdir
=> 2024-09-18 10:18:44.392 utils.py          ERROR  Preparation of the repository for creation of an SRPM failed: no specfile found
INFO: Cleaning up build root ('cleanup_on_failure=True')
Copr build error: script failed: see the output above`,
  },
  {
    name: "srpm-script-error",
    category: "srpm-method",
    certainty: "likely",
    phases: sourcePhases,
    needles: ["error", "fatal", "failed", "not found", "No such file", "cannot"],
    pattern:
      /^(?:[\w./ -]{1,100}: )?(?:(?:[\w.]{1,60})?(?:Error|Exception): |error: |[Ff]atal: |ERROR: |.{0,200}: (?:No such file or directory|Permission denied)$|cannot |.{0,100} failed(?:[:.]|$)).{0,300}/,
    unless: /^make(?:\[\d+\])?: \*\*\*|^Copr build error: |^Download failed|^ERROR: (?:Exception|Command failed)|WARNING|warning:/,
    which: "last",
    advice: "The script or Makefile that makes the source package failed: run it in a fresh chroot of the distribution.",
    example: `
+ ./make-version
=> ValueError: no tag found`,
  },
  {
    name: "srpm-make-failed",
    category: "srpm-method",
    certainty: "vague",
    phases: sourcePhases,
    needles: [": *** [", "Copr build error: "],
    pattern: /^g?make(?:\[\d+\])?: \*\*\* \[.{1,300}\] Error \d+|^Copr build error: (?!Build failed$).{1,300}/,
    advice: "The method that makes the source package failed.",
    example: `
Running: mock --uniqueext 17 -r /var/lib/copr-rpmbuild/results/mock-source-build.cfg --chroot 'make -f .copr/Makefile srpm'
=> make: *** [.copr/Makefile:9: srpm] Error 3
Copr build error: Build failed`,
  },
];
