import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyPrograms, withCopies } from "./program-copies.ts";
import { type Outcome, type ProgramOptions, runProgram } from "./program.ts";

/** A machine of a test's own: its /etc, /run and /var/lib are copies whose changes nobody else sees, and every user of it reaches our programs. */
export interface PrivateMachine {
  /** The name of one of its files out here. */
  path(absolute: string): string;
  /** Runs a program there; as root, or as the user `nobody`. */
  run(argv: readonly string[], options?: ProgramOptions & { isNobody?: boolean }): Promise<Outcome>;
  close(): Promise<void>;
}

/** Where every user of it finds our programs, and Node. */
const PROGRAMS = "/run/programs";

const SET_UP = `set -e
mount --make-rprivate /
mount -t tmpfs none /mnt
for name in etc var/lib; do
  mkdir -p /mnt/$name/upper /mnt/$name/work
  mount -t overlay -o lowerdir=/$name,upperdir=/mnt/$name/upper,workdir=/mnt/$name/work none /$name
done
mount -t tmpfs -o mode=755 none /run
rm -rf /etc/mock /etc/copr-rpmbuild /etc/copr-builder /var/lib/copr-rpmbuild
mkdir -p /etc/mock /etc/copr-rpmbuild /etc/copr-builder /run/copr-builder /var/lib/copr-rpmbuild
umask 022
mkdir ${PROGRAMS}
touch ${PROGRAMS}/node
mount --bind "$1" ${PROGRAMS}/node
echo ready
exec sleep infinity`;

const setUpWords = (script: string): string[] => ["--mount", "sh", "-c", script, "sh", process.execPath];

/** Whether this user may have one: in CI and as root yes, elsewhere hardly. */
export const hasPrivateMachines =
  process.getuid?.() === 0 &&
  spawnSync("timeout", ["20", "unshare", ...setUpWords(SET_UP.replace("exec sleep infinity", ""))], { stdio: "ignore" }).status === 0;

/** User and group `nobody` of every Linux. */
export const nobody = 65_534;

export async function startPrivateMachine(): Promise<PrivateMachine> {
  const keeper = spawn("unshare", setUpWords(SET_UP), { stdio: ["ignore", "pipe", "inherit"] });
  await once(keeper.stdout, "data");
  const path = (absolute: string): string => `/proc/${keeper.pid}/root${absolute}`;
  await copyPrograms(path(PROGRAMS));
  const enter = ["nsenter", "--target", String(keeper.pid), "--mount", "--wd=/", "--"];
  const demote = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--"];
  return {
    path,
    run: (argv, { isNobody = false, ...options } = {}) =>
      runProgram([...enter, ...(isNobody ? demote : []), ...withCopies(argv, PROGRAMS)], {
        ...options,
        // Here /etc is the test's own. A directory for temporary files may be root's alone.
        env: {
          COPR_BUILDER_CONFIG: undefined,
          COPR_DISTGIT_CLIENT_CONFDIR: undefined,
          ...(isNobody ? { TMPDIR: "/tmp" } : {}),
          ...options.env,
        },
      }),
    async close() {
      keeper.kill("SIGKILL");
      await once(keeper, "close");
    },
  };
}
