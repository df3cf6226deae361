import type { Phase } from "./categories.ts";
import type { Rule } from "./rule.ts";
import { sourcePhases } from "./phases.ts";

const early: readonly Phase[] = ["sources", "srpm"];

export const sourcePackages: readonly Rule[] = [
  {
    name: "git-reference",
    category: "scm-error",
    certainty: "sure",
    phases: sourcePhases,
    needles: [
      "fatal: invalid reference",
      "did not match any file",
      "Remote branch ",
      "couldn't find remote ref",
      "unknown revision or path",
      "reference is not a tree",
      "not our ref",
      "fatal: Could not parse object",
    ],
    pattern:
      /(?:fatal: invalid reference: (?<reference>\S{1,200})|error: pathspec '(?<pathspec>[^']{1,200})' did not match|Remote branch (?<branch>\S{1,200}) not found|couldn't find remote ref (?<remote>\S{1,200})|unknown revision or path|reference is not a tree|not our ref|fatal: Could not parse object '(?<object>[^']{1,200})')/,
    advice: ({ reference, pathspec, branch, remote, object }) =>
      `The repository has no branch, tag or commit ${reference ?? pathspec ?? branch ?? remote ?? object ?? "of that name"}: correct the committish.`,
    example: `
Running: git checkout debug-ci --

rc: 128
stdout:
=> stderr: fatal: invalid reference: debug-ci

Copr build error: fatal: invalid reference: debug-ci`,
  },
  {
    name: "git-remote",
    category: "scm-error",
    certainty: "sure",
    phases: sourcePhases,
    needles: [
      "fatal: ",
      "Repository not found",
      "svn: E",
      "Could not read from remote",
      "remote: ",
      "Permission denied (publickey",
      "Host key verification failed",
      "error: RPC failed",
    ],
    pattern:
      /^(?:fatal: (?<message>(?:repository '|unable to access|could not read (?:Username|Password)|Could not read from remote|'.*' does not appear to be a git|unable to connect|clone of '|remote error|Authentication failed|protocol error|the remote end hung up|early EOF|unable to update url|No url found for submodule|not a git repository|destination path|detected dubious ownership|.{1,200}: smudge filter lfs failed|unable to checkout|unable to create file|bad object|loose object|No names found|No tags can describe).{0,300})|svn: E\d+: .{1,300}|ERROR: Repository not found|remote: (?:Repository not found|Not Found|Invalid username)|(?:\S{1,100}: )?Permission denied \(publickey|Host key verification failed|error: RPC failed; .{1,200})/,
    advice: ({ message }) =>
      `The repository can't be cloned${message === undefined ? "" : ` (${message})`}: check its address and that it is public.`,
    example: `
Running: git clone https://git.example.org/x/gone.git /var/lib/copr-rpmbuild/workspace/workdir-y/gone --depth 500 --no-single-branch --recursive
rc: 128
=> stderr: fatal: repository 'https://git.example.org/x/gone.git/' not found

Copr build error: fatal: repository 'https://git.example.org/x/gone.git/' not found`,
  },
  {
    name: "lookaside-missing",
    category: "source-download",
    certainty: "sure",
    phases: [...early, "prep"],
    needles: [
      "curl: (",
      "404 Not Found",
      "Failed to download",
      "Couldn't download",
      "Could not download",
      "HTTP Error 4",
      "HTTP Error 5",
      "ERROR 404",
      "HTTP error: 404",
      "The requested URL returned error",
      "404 Client Error",
    ],
    pattern:
      /^(?:(?:INFO|ERROR|Error): )?(?:curl: \((?<code>\d{1,3})\) (?<message>.{1,300})|.{0,200}(?:404 (?:Not Found|Client Error)|ERROR 404|HTTP [Ee]rror:? [45]\d\d\b|The requested URL returned error: (?<status>\d{3})).{0,200}|(?:error: )?(?:Failed to|Couldn't|Could not|Cannot) download:? (?<file>.{1,300}))/,
    advice: ({ message, file }) =>
      `A source can't be downloaded${(message ?? file) === undefined ? "" : ` (${message ?? file})`}: check its address in the spec file, or upload it.`,
    example: `
Running: copr-distgit-client sources
INFO: Downloading x-1.0.tar.gz
INFO: Calling: curl -H Pragma: -o x-1.0.tar.gz --fail https://src.fedoraproject.org/repo/pkgs/rpms/x/x-1.0.tar.gz/sha512/ab/x-1.0.tar.gz
=> curl: (22) The requested URL returned error: 404
Copr build error: copr-distgit-client sources failed`,
    in: "sources",
  },
  {
    name: "source-package-status",
    category: "source-download",
    certainty: "sure",
    proves: "sources",
    needles: "Requests get status",
    pattern: /^Copr build error: .{0,60}Requests get status "(?<status>\d{3})"/,
    advice: ({ status }) => `The address of the source package answers ${status}: correct it.`,
    example: `
=> Copr build error: Requests get status "404" for "https://example.org/x-1-1.src.rpm"`,
    in: "sources",
  },
  {
    name: "source-host-unreachable",
    category: "source-download",
    certainty: "likely",
    phases: early,
    needles: [
      "Could not resolve host",
      "Name or service not known",
      "Connection refused",
      "Connection timed out",
      "Requests get status",
      "Network error: ",
      "Max retries exceeded",
      "Temporary failure in name resolution",
    ],
    pattern:
      /(?:Could not resolve host|Name or service not known|Connection refused|Connection timed out|Requests get status "(?<status>\d{3})"|^Network error: |Max retries exceeded|Temporary failure in name resolution)/,
    advice: "A source can't be downloaded: check its address, or build again later.",
    example: `
Running: spectool -g x.spec
=> socket.gaierror: [Errno -2] Name or service not known`,
    in: "sources",
  },
  {
    name: "lookaside-checksum",
    category: "source-corrupt",
    certainty: "decisive",
    phases: early,
    needles: ["Check-sum ", "checksum", "is wrong, should be"],
    pattern: /Check-sum .{1,300} (?:is wrong|failed)|[Cc]hecksum of .{1,200} (?:is wrong|does not match|differs)/,
    advice: "A file of the lookaside cache does not have the checksum of the sources file: upload it again.",
    example: `
INFO: Reading stdout from command: sha512sum x-1.0.tar.gz
=> RuntimeError: Check-sum 0f0f x-1.0.tar.gz is wrong, should be: abab
Copr build error: copr-distgit-client sources failed`,
    in: "sources",
  },
  {
    name: "repository-subdirectory",
    category: "scm-error",
    certainty: "sure",
    phases: sourcePhases,
    needles: "SCM subdirectory",
    pattern: /^(?:Copr build error: )?The user-defined SCM subdirectory [`'](?<directory>[^'`]{1,200})' doesn't exist/,
    advice: ({ directory }) => `The repository has no directory ${directory}: correct the subdirectory of the package.`,
    example: `
Running: git clone https://git.example.org/x/ops.git /var/lib/copr-rpmbuild/workspace/workdir-y/ops
=> Copr build error: The user-defined SCM subdirectory \`rpm/' doesn't exist within this repository https://git.example.org/x/ops.git`,
  },
  {
    name: "subdirectory-missing",
    category: "srpm-method",
    certainty: "sure",
    phases: sourcePhases,
    needles: [
      "SCM subdirectory",
      "No .spec found at",
      "No .src.rpm found at",
      "no spec file available",
      "too many specfiles",
      "No .spec file",
      "no such subdirectory",
      "No source package was made",
      "Several source packages were made",
    ],
    pattern:
      /^(?:Copr build error: )?(?<message>(?:The user-defined SCM subdirectory|No \.spec found at|No \.src\.rpm found at|no spec file available|too many specfiles|No \.spec file|No source package was made|Several source packages were made).{0,300})/,
    advice: ({ message }) => `Check the subdirectory, the spec file's path and the method of the package: ${message}.`,
    example: `
Running: git clone https://git.example.org/x/ops.git /var/lib/copr-rpmbuild/workspace/workdir-y/ops --depth 500 --no-single-branch --recursive
=> Copr build error: No .spec found at /var/lib/copr-rpmbuild/workspace/workdir-y/ops`,
  },
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
  {
    name: "import-of-source-package",
    category: "infrastructure",
    certainty: "decisive",
    proves: "infrastructure",
    ends: true,
    needles: "Exception raised during srpm import",
    pattern: /^Exception raised during srpm import/,
    follow: { pattern: /^[\w.]{1,100}(?:Error|Exception|Timeout): /, within: 80, max: 1, leads: "before" },
    advice: "The source package could not be put into dist-git, which is no fault of the package: start the build again.",
    example: `
[2026-02-22 09:12:01,101][  INFO][PID:1191] Start import task 10158589
=> [2026-02-22 09:12:08,941][ ERROR][PID:1191] Exception raised during srpm import:
[2026-02-22 09:12:08,990][  INFO][PID:1191] Sending back: '{"task_id": "10158589", "error": "srpm_import_failed"}'`,
    in: "infrastructure",
  },
  {
    name: "definition",
    category: "infrastructure",
    certainty: "decisive",
    proves: "definition",
    ends: true,
    needles: ["No valid build_config at", "The frontend does not know this task", "does not fit the build definition", "build definition"],
    pattern:
      /^Copr build error: (?<message>(?:No valid build_config at|The frontend does not know this task|The build definition).{0,300})/,
    advice: ({ message }) => `The builder got no usable definition of the build: ${message}.`,
    example: `
=> Copr build error: No valid build_config at https://copr.example.org/backend/get-build-task/1-fedora-43-x86_64`,
    in: "sources",
  },
];
