import type { Phase } from "./categories.ts";
import type { Rule } from "./rule.ts";

const setup: readonly Phase[] = ["chroot-setup", "builddeps", "srpm"];
const ofBuilder = { category: "infrastructure", certainty: "sure", phases: setup } as const;
const again = "The builder could not set up the chroot, which is no fault of the package: start the build again.";

/** Programs that mock runs on the builder itself, and how they fail. */
export const mockPrograms: readonly Rule[] = [
  {
    ...ofBuilder,
    name: "root-cache",
    needles: ["pigz: ", "root_cache", "gzip: ", "zstd: ", "tar: "],
    pattern:
      /^(?:\S{0,60}\/)?(?:pigz|gzip|zstd|lbzip2|bsdtar|tar): (?<message>.{0,200}(?:abort: |corrupted input|invalid (?:deflate|compressed) data|unexpected end of file|Unexpected EOF|Cannot open|crc error|premature end|Error opening archive|not in gzip format|Cannot write|No such file|write error|Wrote only).{0,200})/,
    unless: /Removing leading|file changed as we read it/,
    advice: ({ message }) => `The cache of the chroot is damaged (${message}), which is no fault of the package: start the build again.`,
    example: `
Start: unpacking root cache
=> pigz: abort: corrupted input -- invalid deflate data: /var/cache/mock/fedora-43-x86_64/root_cache/cache.tar.gz
/usr/bin/tar: Unexpected EOF in archive
/usr/bin/tar: Error is not recoverable: exiting now`,
  },
  {
    ...ofBuilder,
    name: "user-of-chroot",
    needles: ["useradd: ", "groupadd: ", "usermod: ", "userdel: ", "groupdel: ", "chown: ", "setfacl: "],
    pattern:
      /^(?:\S{0,60}\/)?(?<program>useradd|groupadd|usermod): (?<message>(?!warning|Warning|user '.{1,40}' already exists|group '.{1,40}' does not exist).{1,300})/,
    unless: /not creating|Not copying any file|already exists|is currently used/,
    advice: ({ program, message }) => `${program} could not make mock's user in the chroot (${message}): start the build again.`,
    example: `
Start: chroot init
=> useradd: existing lock file /etc/subgid.lock without a PID
useradd: cannot lock /etc/subgid; try again later.
ERROR: Command failed:
 # /usr/sbin/useradd -o -m -u 1000 -g 135 -d /builddir -n mockbuild`,
  },
  {
    ...ofBuilder,
    name: "mounts-of-chroot",
    certainty: "likely",
    needles: ["mount: ", "umount: ", "lvcreate: ", "btrfs: ", "losetup: ", "mknod: ", "cp: ", "rm: ", "mkdir: ", "ln: ", "setenforce: "],
    pattern:
      /^(?:\S{0,60}\/)?(?<program>u?mount|lv\w{2,10}|btrfs|losetup|mknod|mkfs\.\w{2,6}|vgs|cp|rm|mkdir|ln): (?<message>.{0,300}(?:denied|does not exist|busy|failed|[Cc]annot|can't|unknown|insufficient|not found|not permitted|No such|wrong|already mounted|Input\/output|Read-only).{0,200})/,
    unless: /not mounted|no mount point specified|target is busy\.?$(?<!unmount.{0,200})/,
    advice: again,
    example: `
Start: chroot init
=> mount: /var/lib/mock/fedora-43-x86_64/root/proc: permission denied.
ERROR: Command failed:
 # /bin/mount -n -t proc proc /var/lib/mock/fedora-43-x86_64/root/proc`,
  },
  {
    ...ofBuilder,
    name: "container-of-bootstrap",
    needles: ["Error: ", "ERRO[", "podman"],
    pattern:
      /^Error: (?:error creating container|creating container|writing blob|copying system image|reading (?:manifest|blob)|parsing image|determining manifest|no space left|OCI runtime|crun: |runc: |container_linux|configure storage|cannot (?:re-exec|set up namespace|connect to Podman)|initializing source|unable to (?:pull|copy|start)|short-name resolution|image not known|\S{1,200}: image not known).{0,300}|^ERRO\[\d{1,6}\] .{1,300}/,
    advice:
      "podman could not have or start the image of the bootstrap chroot: build again later, or switch the bootstrap image off for this chroot.",
    example: `
INFO: Pulling image: registry.fedoraproject.org/fedora:rawhide
=> Error: reading manifest rawhide in registry.fedoraproject.org/fedora: manifest unknown
ERROR: Bootstrap image not pulled`,
  },
  {
    ...ofBuilder,
    name: "nspawn-failed",
    needles: [
      "Failed to create inaccessible",
      "Failed to open /",
      "Failed to fork",
      "Failed to get ",
      "Failed to connect to bus",
      "Failed to set up ",
      "Failed to clone",
      "Failed to unshare",
      "Failed to lock",
      "Failed to determine",
      "Failed to read machine",
      "Failed to start transient",
      "Failed to resolve user",
      "execv(",
      "Failed to execute",
      "Operating system on directory",
      "doesn't look like it has an OS tree",
      "lacks os-release",
      "lacks the binary to execute",
    ],
    pattern:
      /^Failed to (?<what>create inaccessible|open \/|fork|get |connect to bus|set up |clone|unshare|lock|determine|read machine|start transient|resolve user|execute).{1,300}|^execv\(.{1,200}\) failed: .{1,100}|^Directory \S{1,200} (?:doesn't look like|lacks the binary to execute)|lacks os-release data/,
    advice: "systemd-nspawn could not start the chroot, which is a fault of the builder: start the build again.",
    example: `
Start: chroot init
=> Failed to create inaccessible device node directory: Permission denied
ERROR: Command failed:
 # /usr/bin/systemd-nspawn -q -M 5b -D /var/lib/mock/fedora-44-x86_64/root -a`,
  },
  {
    ...ofBuilder,
    name: "scriptlet-interpreter",
    certainty: "decisive",
    needles: ["failed to exec scriptlet interpreter", "Exec format error", "qemu-"],
    pattern:
      /failed to exec scriptlet interpreter|^(?:>>> )?\S{0,200}: Exec format error|^qemu-\w{1,20}: .{1,300}|^.{0,60}\(exec failed: Exec format error\)/,
    advice: "The builder can't run programs of this architecture: build in a chroot of its own architecture, or with qemu-user-static.",
    example: `
Running transaction
=> error: failed to exec scriptlet interpreter /bin/sh: Exec format error
Error in PREIN scriptlet in rpm package filesystem`,
  },
  {
    name: "package-unpacking",
    category: "repo-corrupt",
    certainty: "sure",
    phases: ["chroot-setup", "builddeps", "generate-buildrequires"],
    needles: [
      "unpacking of archive failed",
      "Error unpacking rpm package",
      "cpio: Digest mismatch",
      "expected size is",
      "parser error: ",
      "Header V",
    ],
    pattern:
      /^(?: {0,4}- ?|>>> (?:\[RPM\] )?)?(?:error: )?unpacking of archive failed(?: on file (?<file>\S{1,300}))?|^Error unpacking rpm package (?<package>\S{1,200})|repomd\.xml parser error|^\[MIRROR\] .{1,300}expected size is|^>>> .{0,100}Server reports Content-Length: \d{1,15} but expected size is: \d/,
    unless: /No space left/,
    which: "first",
    advice: "A package or the metadata of a repository is damaged, often while it is being updated: build again later.",
    example: `
Installing       : a-1-1.x86_64
=> error: unpacking of archive failed on file /usr/bin/x;68: cpio: Digest mismatch
error: a-1-1.x86_64: install failed`,
    in: "builddeps",
  },
  {
    ...ofBuilder,
    name: "package-manager-usage",
    needles: [
      "Unknown argument ",
      "error: the following arguments are required",
      "No such command: ",
      "error: unrecognized arguments",
      "invalid choice",
    ],
    pattern:
      /^Unknown argument "(?<argument>[^"]{1,100})" for command|^(?:dnf|yum)\S{0,4}(?: \S{1,20})?: error: (?<message>.{1,200})|^No such command: (?<command>\S{1,40})/,
    advice: ({ argument, message, command }) =>
      `mock calls the package manager in a way it does not understand (${argument ?? message ?? command}): mock, or its plugins, are too old for it.`,
    example: `
Start: build setup for x-1-1.src.rpm
=> Unknown argument "builddep" for command "dnf5". Add "--help" for more information about the arguments.
It could be a command provided by a plugin, try: dnf5 install 'dnf5-command(builddep)'`,
    in: "builddeps",
  },
];
