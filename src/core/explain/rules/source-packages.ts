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
