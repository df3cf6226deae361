import type { Rule } from "./rule.ts";

export const mock: readonly Rule[] = [
  {
    name: "copr-timeout",
    category: "timeout",
    certainty: "decisive",
    proves: "timeout",
    ends: true,
    needles: "!! Copr timeout => sending",
    pattern: /^ ?!! Copr timeout => sending (?<signal>\w{1,10})/,
    advice: "The build took longer than its time limit: give it a higher one (--timeout), or make it shorter.",
    example: `
Start: chroot init
=>  !! Copr timeout => sending INT
Copr build error: Build failed`,
    in: "chroot-setup",
  },
  {
    name: "mock-timeout",
    category: "timeout",
    certainty: "decisive",
    proves: "timeout",
    ends: true,
    needles: "expired for command:",
    pattern: /^(?:ERROR: )?(?:[\w.]{0,60}commandTimeoutExpired: )?Timeout\((?<seconds>\d{1,9})\) expired for command:/,
    advice: ({ seconds }) => `The build took longer than ${seconds} seconds: give it a higher limit (--timeout), or make it shorter.`,
    example: `
Start: rpmbuild x-1-1.src.rpm
=> ERROR: Timeout(1800) expired for command:
 # bash --login -c '/usr/bin/rpmbuild -bb  --target x86_64 --nodeps /builddir/build/originals/x.spec'`,
    in: "build",
  },
  {
    name: "obs-stuck",
    category: "timeout",
    certainty: "decisive",
    proves: "timeout",
    ends: true,
    needles: "Job seems to be stuck here, killed",
    pattern: /^Job seems to be stuck here, killed(?:.{0,40}\(after (?<seconds>\d{1,9}) seconds)?/,
    advice: "The build printed nothing for too long: see what it waits for, or let it tell of its progress.",
    example: `
+ ./runtests
=> [ 5435s] Job seems to be stuck here, killed. (after 5400 seconds of inactivity)`,
    in: "build",
  },
  {
    name: "backend-timeout",
    category: "timeout",
    certainty: "decisive",
    proves: "timeout",
    ends: true,
    needles: [
      "Build timeouted",
      "The task took longer than its limit",
      "Timeout was reached, killing",
      "has exceeded the maximum execution time",
      "Job failed: execution took longer than",
      "Build timed out (after ",
    ],
    // The last three are of CI services.
    pattern:
      /^The job running on runner .{1,200} has exceeded the maximum execution time|^ERROR: Job failed: execution took longer than|^Build timed out \(after \d|(?:Backend process error|Build failed|Copr build error): (?:Build timeouted|The task took longer than its limit)/,
    advice: "The build took longer than its time limit: give it a higher one (--timeout), or make it shorter.",
    example: `
[2026-01-30 06:54:14,752][  INFO][PID:37] Retrieving log from builder
=> [2026-01-30 06:54:15,752][ ERROR][PID:37] Backend process error: Build timeouted`,
    in: "infrastructure",
  },
  {
    name: "killed-by-signal",
    category: "canceled",
    certainty: "decisive",
    proves: "canceled",
    ends: true,
    needles: [
      "activating orphansKill",
      "!! Copr cancel",
      "Build canceled",
      "was canceled",
      "Canceling the build",
      "Build was canceled",
      "Exiting on user interrupt",
      "The operation was canceled.",
      "Job failed: canceled",
    ],
    pattern:
      /^The operation was canceled\.$|^ERROR: Job failed: canceled|^Received signal (?<signal>\w{1,10}) activating orphansKill|^ ?!! Copr cancel\w* => sending \w+|^(?:Copr build error: |Backend process error: |Build )?(?:Build (?:was )?cancell?ed|The task was canceled)|^Canceling the build|^ERROR: Exiting on user interrupt/,
    advice: "Somebody or something ended the build from outside: start it again.",
    example: `
INFO:
=> Received signal SIGTERM activating orphansKill
WARNING: Leftover process 21483 is being killed with signal 15: /usr/bin/rpmbuild -bb`,
    in: "build",
  },
  {
    name: "backend-gave-up",
    category: "infrastructure",
    certainty: "decisive",
    proves: "infrastructure",
    ends: true,
    needles: [
      "Backend process error: ",
      "Too many connection failures",
      "Three host tried without success",
      "createrepo failed",
      "Build failed: ",
      "signing problems",
    ],
    pattern:
      /^(?:(?:Backend process error|Build failed): (?!No success file|Build timeouted|Build was canceled)|Copr GPG signing problems: )(?<message>.{1,300})/,
    advice: "The builder or the backend had a problem, not the package: start the build again.",
    example: `
[2026-01-30 06:54:14,852][ ERROR][PID:37] Can't connect to builder: ssh: connect to host 192.0.2.7 port 22: Connection timed out
=> [2026-01-30 06:54:15,752][ ERROR][PID:37] Backend process error: Too many connection failures, builder is gone`,
    in: "infrastructure",
  },
  {
    name: "no-builder-worked",
    category: "infrastructure",
    certainty: "decisive",
    proves: "infrastructure",
    ends: true,
    needles: "Three host tried without success",
    pattern: /^(?:Build failed: )?Three host tried without success/,
    advice: "No builder could be used, which is no fault of the package: start the build again.",
    example: `
=> [2026-01-30 06:54:15,752][ ERROR][PID:37] Three host tried without success: {'192.0.2.7', '192.0.2.8', '192.0.2.9'}`,
    in: "infrastructure",
  },
  {
    name: "builder-retried",
    category: "infrastructure",
    certainty: "sure",
    proves: "infrastructure",
    needles: ["Re-try request for task", "VM allocation failed"],
    pattern: /^Re-try request for task on '|^VM allocation failed, trying/,
    which: "last",
    advice: "The builders had a problem, not the package: wait, or start the build again.",
    example: `
[2026-01-30 06:54:14,852][ ERROR][PID:37] VM allocation failed, trying to allocate new VM
=> [2026-01-30 06:54:15,752][ ERROR][PID:37] Re-try request for task on '192.0.2.7': Builder wasn't ready, trying a new one`,
    in: "infrastructure",
  },
  {
    name: "builder-lost",
    category: "infrastructure",
    certainty: "decisive",
    proves: "infrastructure",
    ends: true,
    needles: [
      "VM allocation failed",
      "Giving up for unstable SSH",
      "was killed by the kernel",
      "The builder was killed",
      "Worker died",
      "VM lost",
      "builder VM is not",
    ],
    pattern: /^(?:Copr build error: )?(?:Giving up for unstable SSH|The builder was killed|Worker died|VM (?:is )?lost)/,
    advice: "The builder was lost, which is no fault of the package: start the build again.",
    example: `
[2026-01-30 06:54:14,852][ ERROR][PID:37] Keepalive failed
=> [2026-01-30 06:54:15,752][ ERROR][PID:37] Giving up for unstable SSH, failures: 12`,
    in: "infrastructure",
  },
  {
    name: "mock-config",
    category: "mock-config",
    certainty: "decisive",
    phases: ["chroot-setup", "srpm", "builddeps", "sources"],
    proves: "chroot-setup",
    ends: true,
    needles: [
      "Could not find required config file",
      "Non-existing Mock config",
      "Error in configuration file",
      "Chroot config ",
      "Could not find included config file",
      "Config error: ",
      "jinja2.exceptions.",
      "No such chroot",
    ],
    pattern:
      /^(?:ERROR: |Copr build error: )?(?:Could not find (?:required|included) config file: (?<file>\S{1,300})|Error in configuration file|Chroot config (?<config>\S{1,300}) not found|Config error: .{1,300}|jinja2\.exceptions\.\w{1,40}: .{1,300}|Non-existing Mock config '(?<name>[^']{1,100})')/,
    advice: ({ file, config, name }) =>
      `The builder has no usable configuration for this chroot (${file ?? config ?? name ?? "see the line"}): the chroot may be retired, or mock-core-configs too old.`,
    example: `
=> ERROR: Could not find required config file: /etc/mock/no-such-chroot.cfg
ERROR:   If you're trying to specify a path, include the .cfg extension, e.g. -r ./target.cfg`,
    in: "chroot-setup",
  },
  {
    name: "mock-config-syntax",
    category: "mock-config",
    certainty: "sure",
    proves: "chroot-setup",
    ends: true,
    needles: ["ERROR: Error in configuration", "ERROR: invalid syntax", "'( was never closed"],
    pattern:
      /^ERROR: (?:(?:Error in configuration|invalid syntax|'.' was never closed|unterminated .{1,60} literal|unexpected EOF).{0,200})/,
    advice: "The configuration of mock is no valid Python: correct it.",
    example: `
=> ERROR: invalid syntax (bad.cfg, line 3)`,
    in: "chroot-setup",
  },
  {
    name: "mock-bootstrap",
    category: "infrastructure",
    certainty: "sure",
    phases: ["chroot-setup"],
    needles: ["bootstrap", "podman", "Error: "],
    unless: /Command failed/,
    pattern:
      /^ERROR: (?:.{0,100}bootstrap .{0,200}|.{0,60}podman .{0,300})|^Error: (?:initializing source|unable to pull|creating container|short-name resolution) ?.{0,300}/,
    advice: "The image of the bootstrap chroot could not be had: build again later, or switch the bootstrap image off for this chroot.",
    example: `
INFO: Pulling image: registry.fedoraproject.org/fedora:rawhide
=> Error: initializing source docker://registry.fedoraproject.org/fedora:rawhide: pinging container registry: dial tcp: lookup registry.fedoraproject.org: no such host
ERROR: Command failed: podman pull`,
  },
  {
    name: "systemd-nspawn",
    category: "infrastructure",
    certainty: "sure",
    phases: ["chroot-setup", "builddeps", "srpm"],
    proves: "chroot-setup",
    needles: [
      "Failed to create /",
      "Failed to register machine",
      "Failed to allocate scope",
      "Failed to mount ",
      "Parent died too early",
      "Child died too early",
      "is currently busy",
      "Failed to move root directory",
    ],
    pattern:
      /^(?:Failed to (?:create \/.{1,200}control group|register machine|allocate scope|mount .{1,200}|move root directory).{0,200}|(?:Parent|Child) died too early\.|(?:Directory tree|Disk image) .{1,200} is currently busy)/,
    advice: "systemd-nspawn could not start the chroot, which is a fault of the builder: start the build again.",
    example: `
Start: chroot init
=> Failed to create /init.scope control group: Permission denied
ERROR: Command failed:
 # /usr/bin/systemd-nspawn -q -M 5b -D /var/lib/mock/fedora-44-x86_64/root -a`,
    in: "chroot-setup",
  },
  {
    name: "mock-error",
    category: "infrastructure",
    certainty: "likely",
    phases: ["chroot-setup", "builddeps", "srpm"],
    needles: ["OSError: ", "ERROR: ", "mockbuild.exception."],
    pattern: /^(?:OSError: |FileNotFoundError: |mockbuild\.exception\.\w{1,40}: |ERROR: \[Errno )(?<message>.{1,300})/,
    unless: /Command failed|Exception\(/,
    advice: ({ message }) => `mock itself failed on the builder: ${message}.`,
    example: `
Traceback (most recent call last):
=> OSError: [Errno 28] Input/output error: '/var/lib/mock/fedora-43-x86_64/root'`,
    in: "chroot-setup",
  },
];
